-- name: gift_card_events
-- A card's balance runs through all its events.
with cards as (
    select organization_id, row ->> 'gift_card_id' as gift_card_id
    from scope.row_versions where entity = 'gift_card_events'
    union
    select rows.organization_id, rows.gift_card_id
    from scope.customers as keys
    inner join marts.gift_card_ledger as rows
        on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
)
insert into scope.gift_card_events (organization_id, gift_card_event_id)
select rows.organization_id, rows.gift_card_event_id
from cards
inner join marts.gift_card_ledger as rows
    on
        cards.organization_id = rows.organization_id
        and cards.gift_card_id = rows.gift_card_id
union
select organization_id, key
from scope.row_versions where entity = 'gift_card_events'
on conflict do nothing

-- name: changed_loyalty_accounts
-- A balance runs through an account's events: it is told again from the first that changed. What the
-- account states stands on its latest event, whose account it is on all of them.
insert into scope.loyalty_accounts (organization_id, loyalty_account_id, is_changed, changed_from)
with accounts as (
    select
        organization_id,
        row ->> 'loyalty_account_id' as loyalty_account_id,
        bool_or(
            not is_current
            and cast(row ->> '_load_id' as bigint) not in (select load_id from scope.loads)
        )
        and count(distinct (
            coalesce(row ->> 'customer_id', ''),
            row ->> '_is_deleted', coalesce(row ->> 'deleted_at', '')
        )) = 1 as is_whose_it_was
    from scope.row_versions where entity = 'loyalty_accounts'
    group by organization_id, row ->> 'loyalty_account_id'
)
select organization_id, loyalty_account_id, true, min(changed_from)
from (
    select
        organization_id,
        row ->> 'loyalty_account_id' as loyalty_account_id,
        cast(row ->> 'occurred_at' as timestamptz) as changed_from
    from scope.row_versions where entity = 'loyalty_events'
    union all
    select
        organization_id,
        loyalty_account_id,
        cast(case when is_whose_it_was then 'infinity' else '-infinity' end as timestamptz)
    from accounts
    union all
    select rows.organization_id, rows.loyalty_account_id, '-infinity'
    from scope.customers as keys
    inner join marts.loyalty_ledger as rows
        on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
    where keys.has_new_ids
) as changes
group by organization_id, loyalty_account_id

-- name: loyalty_accounts
insert into scope.loyalty_accounts (organization_id, loyalty_account_id)
select rows.organization_id, rows.loyalty_account_id
from scope.profiles as keys
inner join raw_native.loyalty_accounts as rows
    on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
on conflict do nothing

-- name: loyalty_events
-- Of changed accounts, all from the first change on and the one before it, which may have been the
-- latest or be it again.
insert into scope.loyalty_events (organization_id, loyalty_event_id)
select rows.organization_id, rows.loyalty_event_id
from scope.loyalty_accounts as keys
inner join marts.loyalty_ledger as rows
    on
        keys.organization_id = rows.organization_id
        and keys.loyalty_account_id = rows.loyalty_account_id
        and keys.changed_from <= rows.occurred_at
where keys.is_changed
union
select keys.organization_id, before.loyalty_event_id
from scope.loyalty_accounts as keys
cross join lateral (
    select rows.loyalty_event_id
    from marts.loyalty_ledger as rows
    where
        keys.organization_id = rows.organization_id
        and keys.loyalty_account_id = rows.loyalty_account_id
        and keys.changed_from > rows.occurred_at
    order by rows.occurred_at desc, rows.loyalty_event_id desc
    limit 1
) as before
where keys.is_changed
union
select organization_id, key
from scope.row_versions where entity = 'loyalty_events'
on conflict do nothing

-- name: packages
insert into scope.packages (organization_id, package_id)
select organization_id, row ->> 'package_id'
from scope.row_versions where entity in ('packages', 'package_redemptions')
union
select rows.organization_id, rows.package_id
from scope.profiles as keys
inner join raw_native.packages as rows
    on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
union
select lines.organization_id, lines.item_id
from scope.sales as keys
inner join raw_native.sale_lines as lines
    on keys.organization_id = lines.organization_id and keys.sale_id = lines.sale_id
where lines.line_type = 'package' and lines.item_id is not null
union
select rows.organization_id, rows.package_id
from scope.sales as keys
inner join raw_native.sale_lines as lines
    on keys.organization_id = lines.organization_id and keys.sale_id = lines.sale_id
inner join raw_native.package_redemptions as rows
    on
        lines.organization_id = rows.organization_id
        and lines.package_redemption_id = rows.package_redemption_id
on conflict do nothing

-- name: package_redemptions
insert into scope.package_redemptions (organization_id, package_redemption_id)
select rows.organization_id, rows.package_redemption_id
from scope.packages as keys
inner join raw_native.package_redemptions as rows
    on keys.organization_id = rows.organization_id and keys.package_id = rows.package_id
on conflict do nothing

-- name: memberships
insert into scope.memberships (organization_id, membership_id)
select organization_id, key
from scope.row_versions where entity = 'memberships'
union
select rows.organization_id, rows.membership_id
from scope.profiles as keys
inner join raw_native.memberships as rows
    on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
union
select lines.organization_id, lines.item_id
from scope.sales as keys
inner join raw_native.sale_lines as lines
    on keys.organization_id = lines.organization_id and keys.sale_id = lines.sale_id
where lines.line_type = 'membership' and lines.item_id is not null
on conflict do nothing

-- name: staff_shifts
insert into scope.staff_shifts (organization_id, shift_id)
select distinct organization_id, key
from scope.row_versions where entity = 'staff_shifts'
on conflict do nothing

-- name: campaign_sends
insert into scope.campaign_sends (organization_id, campaign_send_id)
select distinct organization_id, key
from scope.row_versions where entity = 'campaign_sends'
on conflict do nothing

-- name: profiles
-- Every id that rows in scope name, for the one it stands for.
insert into scope.profiles (organization_id, customer_id)
select organization_id, customer_id from scope.named_customer_ids
union
select staff.organization_id, staff.customer_id
from raw_native.staff as staff
inner join scope.touched_organizations as touched
    on staff.organization_id = touched.organization_id
where staff.customer_id is not null
union
select profiles.organization_id, profiles.referred_by_customer_id
from scope.profiles as keys
inner join raw_native.customers as profiles
    on
        keys.organization_id = profiles.organization_id
        and keys.customer_id = profiles.customer_id
where profiles.referred_by_customer_id is not null
on conflict do nothing

-- name: ends
-- What a merged profile counts as is told by the one it lives on in.
insert into scope.profiles (organization_id, customer_id)
select distinct
    keys.organization_id,
    scope.canonical_customer_id(keys.organization_id, keys.customer_id, %(as_of)s)
from scope.profiles as keys
inner join raw_native.customer_merges as merges
    on
        keys.organization_id = merges.organization_id
        and keys.customer_id = merges.from_customer_id
on conflict do nothing

-- name: visits
-- Published visits that may change. Those of clients with a new fact are found by dbt, which numbers
-- them again from the first that changed (int_visit_renumbering).
insert into scope.visits (organization_id, visit_id)
select organization_id, 'booking:' || appointment_id
from scope.appointments
union
select organization_id, 'ticket:' || sale_id
from scope.sales
union
select rows.organization_id, rows.visit_id
from scope.customers as keys
inner join marts.visits as rows
    on keys.organization_id = rows.organization_id and keys.customer_id = rows.customer_id
where keys.has_new_ids
on conflict do nothing
