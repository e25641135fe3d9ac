-- One row per payment of a closed ticket, ticket line and line of the ladder that it
-- settles.
with payments as (
    select * from {{ ref('int_payments_settled') }}
    where allocated_minor > 0
),

cells as (
    select
        payments.organization_id,
        payments.payment_id,
        payments.sale_id,
        components.sale_line_id,
        components.ladder_line,
        components.part,
        components.line_type,
        payments.location_id,
        payments.currency,
        payments.business_date,
        payments.settled_before_minor,
        payments.settled_through_minor,
        cast(
            components.amount_minor
            + components.settled_by_refunds_minor as {{ type_decimal() }}
        )
        * payments.settled_before_minor / payments.payable_minor as exact_before,
        cast(
            components.amount_minor
            + components.settled_by_refunds_minor as {{ type_decimal() }}
        )
        * payments.settled_through_minor / payments.payable_minor as exact_through
    from payments
    inner join {{ ref('int_sale_line_components') }} as components
        on
            payments.organization_id = components.organization_id
            and payments.sale_id = components.sale_id
),

-- What has been paid so far is spread pro rata by largest remainder, and a payment's
-- share is what it adds: so each payment adds up over the lines, and each line over the
-- payments.
allocated as (
    select
        cells.*,
        {{ allocate_minor(
            'exact_through',
            'settled_through_minor',
            'organization_id, payment_id',
            'sale_line_id, ladder_line'
        ) }}
        - {{ allocate_minor(
            'exact_before',
            'settled_before_minor',
            'organization_id, payment_id',
            'sale_line_id, ladder_line'
        ) }} as amount_minor
    from cells
),

final as (
    select
        organization_id,
        payment_id,
        sale_id,
        sale_line_id,
        ladder_line,
        part,
        line_type,
        location_id,
        currency,
        cast(amount_minor as bigint) as amount_minor,
        business_date
    from allocated
    where amount_minor <> 0
)

select * from final
