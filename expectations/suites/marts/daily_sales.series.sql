-- One row per organization, currency and day: net sales of services and products.
select
    organization_id,
    currency,
    business_date as day,
    sum(net_sales_minor) as value
from {published}
where net_sales_minor is not null
group by organization_id, currency, business_date
