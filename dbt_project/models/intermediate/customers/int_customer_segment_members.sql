-- One row per segment and client in it: what qualified them, by which thresholds, and
-- whether it is the segment that goes first among the client's.
with flags as (
    select * from {{ ref('int_customer_segment_flags') }}
),

members as (
    {%- for segment, rule in segment_rules().items() %}
        select
            flags.organization_id,
            flags.customer_id,
            facts.currency,
            '{{ segment }}' as segment,
            {{ json_object(prefixed('facts', rule['facts'])) }} as qualifying_values,
            {{ json_object(prefixed('thresholds', rule['thresholds'], segment ~ '_')) }}
                as thresholds
        from flags
        inner join {{ ref('int_customer_segment_facts') }} as facts
            on
                flags.organization_id = facts.organization_id
                and flags.customer_id = facts.customer_id
        inner join {{ ref('int_segment_thresholds') }} as thresholds
            on facts.currency = thresholds.currency
        where flags.is_{{ segment }}
        {{- " union all" if not loop.last }}
    {%- endfor %}
),

final as (
    select
        members.organization_id,
        members.segment,
        members.customer_id,
        members.currency,
        segments.priority,
        row_number() over (
            partition by members.organization_id, members.customer_id
            order by segments.priority
        ) = 1 as is_primary,
        members.qualifying_values,
        members.thresholds
    from members
    inner join {{ ref('segments') }} as segments on members.segment = segments.segment
)

select * from final
