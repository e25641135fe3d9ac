-- One row per completed payment, as the input tells it. A table of its own: the planner cannot
-- guess how many rows a computed status leaves, and joins on a wrong guess take hours.
select * from {{ ref('input__payments') }}
where status = 'completed'
