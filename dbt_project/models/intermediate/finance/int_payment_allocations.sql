-- One row per payment of a closed ticket, ticket line and line of the ladder that it
-- settles.
{%- set settles_all -%}
    (
        payments.settled_before_minor = 0
        and payments.settled_through_minor = payments.payable_minor
    )
{%- endset %}
{#- Joined for each kind of payment: of both at once, the rows would be written out. -#}
{%- set cells %}
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
        payments.payable_minor,
        payments.settled_before_minor,
        payments.settled_through_minor,
        components.amount_minor
        + components.settled_by_refunds_minor as component_minor
    from {{ ref('int_payments_settled') }} as payments
    inner join {{ ref('int_sale_line_components') }} as components
        on
            payments.organization_id = components.organization_id
            and payments.sale_id = components.sale_id
    where payments.allocated_minor > 0
{%- endset %}

with whole_tickets as (
    {{ cells }} and {{ settles_all }}
),

shared_tickets as (
    {{ cells }} and not {{ settles_all }}
),

shares as (
    select
        *,
        cast(component_minor as {{ type_decimal() }})
        * settled_before_minor / payable_minor as exact_before,
        cast(component_minor as {{ type_decimal() }})
        * settled_through_minor / payable_minor as exact_through
    from shared_tickets
),

-- What has been paid so far is spread pro rata by largest remainder, and a payment's
-- share is what it adds: so each payment adds up over the lines, and each line over the
-- payments. A payment of the whole ticket settles each line whole, without fractions.
allocated as (
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
        component_minor as amount_minor,
        business_date
    from whole_tickets
    union all
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
        ) }} as amount_minor,
        business_date
    from shares
)

select * from allocated
where amount_minor <> 0
