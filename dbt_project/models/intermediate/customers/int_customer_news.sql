-- One row per client in scope, where a refresh recomputes keys: what of them is counted
-- anew, since something it is told from is new. All else of theirs is as published.
with final as (
    {{ customer_news(
        bookings=ref('int_appointments_derived'),
        services=ref('int_appointment_services_derived'),
        lines=ref('int_sale_lines_rounded'),
        payments=ref('int_payments_linked'),
        refunds=ref('int_refunds_linked'),
        ids=ref('input__customer_ids')
    ) }}
)

select * from final
