-- One row per client of whom something is new, where a refresh recomputes keys: whether
-- it can have changed when and for what they came, and what they bought or paid. The
-- facts of all other clients in scope are as published.
with final as (
    {{ customer_news(
        attended=[
            (ref('int_appointments_derived'), 'appointments'),
            (ref('int_appointment_services_derived'), 'appointment_services')
        ],
        lines=ref('int_sale_lines_rounded'),
        payments=ref('int_payments_linked'),
        refunds=ref('int_refunds_linked'),
        ids=ref('input__customer_ids')
    ) }}
)

select * from final
