-- However many bookings and tickets, a client's day at a location is one visit; none
-- lies ahead.
{{ config(meta={'dimension': 'consistency', 'dagster': {'ref': {'name': 'visits'}}}) }}

select
    visits.organization_id,
    visits.customer_id,
    visits.location_id,
    visits.visit_date,
    count(*) as visits
from {{ ref('visits') }} as visits
inner join {{ ref('int_location_today') }} as today
    on
        visits.organization_id = today.organization_id
        and visits.location_id = today.location_id
where visits.customer_id is not null or visits.visit_date > today.today_date
group by
    visits.organization_id,
    visits.customer_id,
    visits.location_id,
    visits.visit_date,
    today.today_date
having count(*) > 1 or visits.visit_date > today.today_date
