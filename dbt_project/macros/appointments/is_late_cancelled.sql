{#-
    Whether a cancellation came inside the notice window; NULL where the source gives days only and
    they leave both possible. `status_map` is booking_status_map, `timed` int_appointments_timed.
-#}
{% macro is_late_cancelled(status_map, timed) -%}
    {%- set window_minutes = metric_threshold('late_cancellation_window') ~ ' * 60' -%}
    case
        when not coalesce({{ status_map }}.is_cancelled, false) then false
        when {{ status_map }}.derived_status_when_late = {{ status_map }}.derived_status then false
        when {{ timed }}.most_notice_minutes < {{ window_minutes }} then true
        when {{ timed }}.least_notice_minutes >= {{ window_minutes }} then false
    end
{%- endmacro %}
