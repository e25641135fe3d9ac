-- One row per currency that there is: the numbers in the segments' rules. Amounts are
-- in minor units; a currency without a row of its own takes the general one.
with known_currencies as (
    select
        currency,
        exponent
    from {{ ref('currencies') }}
    union all
    select
        'XXX' as currency,
        2 as exponent
),

currencies_in_use as (
    select
        currency,
        max(exponent) as exponent
    from known_currencies
    group by currency
),

thresholds as (
    select * from {{ ref('segment_thresholds') }}
),

resolved as (
    select
        currencies_in_use.currency,
        general.segment,
        general.threshold,
        case
            when general.unit = 'major'
                then {{ to_minor('coalesce(own.value, general.value)', 'exponent') }}
            else coalesce(own.value, general.value)
        end as threshold_value
    from thresholds as general
    cross join currencies_in_use
    left join thresholds as own
        on
            general.segment = own.segment
            and general.threshold = own.threshold
            and currencies_in_use.currency = own.currency
    where general.currency is null
),

final as (
    select
        currency
        {%- for segment, rule in segment_rules().items() %}
            {%- for threshold in rule['thresholds'] %}
                ,
                max(case
                    when segment = '{{ segment }}' and threshold = '{{ threshold }}'
                        then threshold_value
                end) as {{ segment }}_{{ threshold }}
            {%- endfor %}
        {%- endfor %}
    from resolved
    group by currency
)

select * from final
