-- One row per organization: lines that loads have brought and no refresh has taken yet.
select
    sale_lines.organization_id,
    max(sale_lines._source_system) as source_system,
    count(*) as new_lines,
    count(*) filter (where sales.sale_id is null) as new_of_unknown_ticket
from raw_native.sale_lines
left join raw_native.sales
    on
        sale_lines.organization_id = sales.organization_id
        and sale_lines.sale_id = sales.sale_id
where sale_lines._load_id = any(%(load_ids)s) and not sale_lines._is_deleted
group by sale_lines.organization_id
