-- One row per completed refund, as the input tells it. A table of its own: the planner
-- cannot guess how many rows a computed status leaves, and joins on a wrong guess take
-- hours.
select
    organization_id,
    refund_id,
    payment_id,
    sale_id,
    sale_line_id,
    location_id,
    customer_id,
    status,
    tender_type,
    reason,
    currency,
    amount_minor,
    tax_minor,
    tip_minor,
    processing_fee_minor,
    business_date,
    refunded_at,
    source_system,
    load_id
from {{ ref('input__refunds') }}
where status = 'completed'
