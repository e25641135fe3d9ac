-- One row per organization: its clients' accounts of points.
select
    accounts.organization_id,
    max(accounts._source_system) as source_system,
    count(*) as accounts,
    count(*) filter (where accounts.customer_id is null) as without_client,
    count(*) filter (where accounts.customer_id is not null) as accounts_of_clients,
    count(*) filter (
        where accounts.customer_id is not null and customers.customer_id is null
    ) as of_unknown_client,
    count(*) filter (where accounts.balance is not null) as accounts_with_balance,
    count(*) filter (where accounts.balance < 0) as negative_balance
from raw_native.loyalty_accounts as accounts
left join raw_native.customers
    on
        accounts.organization_id = customers.organization_id
        and accounts.customer_id = customers.customer_id
where not accounts._is_deleted
group by accounts.organization_id
