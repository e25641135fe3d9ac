-- One row per client whose published visits are numbered again: from which day on, and
-- what comes before it. None where organizations are rebuilt whole.
{{ config(post_hook="{{ put_renumbered_visits_in_scope(this) }}") }}

with final as (
    {{ visits_to_renumber(ref('int_visit_days')) }}
)

select * from final
