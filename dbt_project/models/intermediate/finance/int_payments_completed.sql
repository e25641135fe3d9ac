-- One row per completed payment, as the input tells it. A table of its own: the planner
-- cannot guess how many rows a computed status leaves, and joins on a wrong guess take
-- hours.
select
    organization_id,
    payment_id,
    sale_id,
    gift_card_id,
    tip_staff_id,
    location_id,
    customer_id,
    status,
    tender_type,
    currency,
    amount_minor,
    tip_minor,
    processing_fee_minor,
    business_date,
    paid_at,
    source_system,
    load_id
from {{ ref('input__payments') }}
where status = 'completed'
