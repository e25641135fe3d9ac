{#- The line of the ladder that a discount on a service or product belongs to. -#}
{% macro ladder_line_of_discount(discount_type) -%}
    case
        when {{ discount_type }} in ('coupon', 'membership', 'loyalty', 'package')
            then {{ dbt.concat([discount_type, "'_discounts'"]) }}
        else 'manual_discounts'
    end
{%- endmacro %}

{#- The line of the ladder that what is not a sold service or product belongs to. -#}
{% macro ladder_line_of_line_type(line_type) -%}
    case {{ line_type }}
        when 'gift_card' then 'gift_card_sales'
        when 'package' then 'package_sales'
        when 'membership' then 'membership_sales'
        when 'fee' then 'fees'
        when 'service_charge' then 'service_charges'
        else 'returns'
    end
{%- endmacro %}

{#- The sum of one line of the ladder over entries signed as they move the total. -#}
{% macro ladder_sum(ladder_line, sign='') -%}
    cast(
        {{ sign }}sum(case when ladder_line = '{{ ladder_line }}' then amount_minor else 0 end)
        as bigint
    )
{%- endmacro %}

{#- A measure of a zero-filled table: zero where nothing happened, NULL where nobody can say. -#}
{% macro zero_where_known(is_known, amount) -%}
    case when {{ is_known }} then coalesce({{ amount }}, 0) end
{%- endmacro %}

{#- The sum of entries of one tender. -#}
{% macro tender_sum(tender_type) -%}
    cast(
        sum(case when tender_type = '{{ tender_type }}' then amount_minor else 0 end) as bigint
    )
{%- endmacro %}

{#- The join of two tables with a row per location, day and member of staff. -#}
{% macro same_member_day(left, right) -%}
    {{ left }}.organization_id = {{ right }}.organization_id
    and {{ left }}.location_id = {{ right }}.location_id
    and {{ left }}.business_date = {{ right }}.business_date
    and {{ left }}.staff_id = {{ right }}.staff_id
{%- endmacro %}

{#-
    The parts of ticket lines, a row for each line of the ladder that one feeds, signed as it moves
    the total; `columns` of the lines come along. Each part reads the lines for itself: a CTE that
    is read more than once is first written out whole.
-#}
{% macro ladder_parts(sale_lines, columns) -%}
    {%- set is_merchandise = "line_type in ('service', 'product')" -%}
    {%- set is_sold = is_merchandise ~ ' and not is_return' -%}
    {%- for part, ladder_line, amount, condition in [
        ('net', "'gross_sales'", 'gross_minor', is_sold),
        ('net', ladder_line_of_discount('discount_type'), '-discount_minor', is_sold),
        (
            'net', ladder_line_of_line_type('line_type'), 'net_minor',
            '(is_return or not ' ~ is_merchandise ~ ')'
        ),
        ('tax', "'tax'", 'tax_minor', 'true')
    ] %}
    select
        {{ columns | join(', ') }},
        {{ ladder_line }} as ladder_line,
        '{{ part }}' as part,
        {{ amount }} as amount_minor
    from {{ sale_lines }}
    where {{ condition }} and {{ amount }} <> 0
    {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
