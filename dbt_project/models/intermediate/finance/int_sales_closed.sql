-- One row per closed ticket, as the input tells it. A table of its own: the planner
-- cannot guess how many rows a computed status leaves, and joins on a wrong guess take
-- hours.
select
    organization_id,
    sale_id,
    location_id,
    customer_id,
    source_customer_id,
    appointment_id,
    staff_id,
    status,
    currency,
    currency_exponent,
    total_minor,
    is_walk_in,
    has_sale_time,
    business_date,
    created_at,
    closed_at,
    sold_at,
    source_system,
    load_id
from {{ ref('input__sales') }}
where status = 'closed'
