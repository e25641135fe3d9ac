-- One row per organization and currency: what its days are sums of.
select organization_id, currency, count(*) as leaf_rows
from {published}
group by organization_id, currency
