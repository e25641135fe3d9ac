{{ config(
    indexes=[{'columns': ['organization_id', 'source_customer_id'], 'unique': true}]
) }}

with recursive customer_merges as (
    select
        organization_id,
        from_customer_id,
        to_customer_id
    from {{ of_touched_organizations(ref('stg_native__customer_merges')) }}
        as customer_merges
    where
        {{ is_live('customer_merges') }}
        and {{ has_happened('merged_at') }}
        and (unmerged_at is null or unmerged_at > {{ as_of() }})
        and from_customer_id <> to_customer_id
),

-- Follows each merged profile to the end of its chain; a circle of merges has no end.
chains as (
    select
        organization_id,
        from_customer_id as source_customer_id,
        to_customer_id as customer_id,
        1 as steps
    from customer_merges
    union all
    select
        chains.organization_id,
        chains.source_customer_id,
        customer_merges.to_customer_id as customer_id,
        chains.steps + 1 as steps
    from chains
    inner join customer_merges
        on
            chains.organization_id = customer_merges.organization_id
            and chains.customer_id = customer_merges.from_customer_id
    where chains.steps < 100
),

chain_ends as (
    select
        chains.organization_id,
        chains.source_customer_id,
        chains.customer_id
    from chains
    left join customer_merges
        on
            chains.organization_id = customer_merges.organization_id
            and chains.customer_id = customer_merges.from_customer_id
    where customer_merges.from_customer_id is null
),

profiles as (
    select
        organization_id,
        customer_id,
        coalesce(customer_type, 'client') as customer_type
    from {{ scoped(ref('stg_native__customers'), 'profiles', 'customer_id') }}
        as customers
),

sent_ids as (
    select
        organization_id,
        customer_id as source_customer_id
    from profiles
    union
    select
        organization_id,
        source_customer_id
    from chain_ends
    union
    select
        organization_id,
        customer_id as source_customer_id
    from chain_ends
),

resolved as (
    select
        sent_ids.organization_id,
        sent_ids.source_customer_id,
        coalesce(chain_ends.customer_id, sent_ids.source_customer_id) as customer_id
    from sent_ids
    left join chain_ends
        on
            sent_ids.organization_id = chain_ends.organization_id
            and sent_ids.source_customer_id = chain_ends.source_customer_id
),

final as (
    select
        resolved.organization_id,
        resolved.source_customer_id,
        coalesce(profiles.customer_type, 'client') as customer_type,
        case
            when
                coalesce(profiles.customer_type, 'client') <> 'walk_in'
                then resolved.customer_id
        end as customer_id
    from resolved
    left join profiles
        on
            resolved.organization_id = profiles.organization_id
            and resolved.customer_id = profiles.customer_id
)

select * from final
