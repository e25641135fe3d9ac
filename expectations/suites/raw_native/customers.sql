-- One row per organization: the profiles of its clients, without pseudo-clients and tests.
with profiles as (
    select
        *,
        count(*) over (
            partition by organization_id, lower(email)
        ) as profiles_of_email,
        case
            when birthday not like '0000%%' then cast(substr(birthday, 1, 4) as integer)
        end as birth_year
    from raw_native.customers
    where customer_type is null or customer_type in ('client', 'staff')
)

select
    organization_id,
    max(_source_system) as source_system,
    count(*) filter (where not _is_deleted) as profiles,
    count(*) filter (where not _is_deleted and email is not null) as profiles_with_email,
    count(*) filter (where not _is_deleted and birth_year is not null) as profiles_with_birth_year,
    case
        when count(coalesce(email, phone)) > 0
            then count(*) filter (where not _is_deleted and coalesce(email, phone) is null)
    end as without_contact,
    case
        when count(coalesce(first_name, last_name)) > 0
            then count(*) filter (
                where not _is_deleted and coalesce(first_name, last_name) is null
            )
    end as without_name,
    count(*) filter (
        where not _is_deleted and email is not null and profiles_of_email > 1
    ) as sharing_email,
    count(*) filter (
        where not _is_deleted
        and (birth_year < 1900 or birth_year > extract(year from %(as_of)s))
    ) as implausible_birth_year
from profiles
group by organization_id
