-- One row per location and day: both ledgers side by side, with money by tender.
with final as (
    select
        accrual.organization_id,
        accrual.location_id,
        accrual.business_date,
        accrual.currency,
        accrual.today_date,
        accrual.has_movement or tenders.has_movement as has_movement,
        accrual.tickets,
        accrual.avg_ticket_numerator_minor,
        accrual.gross_sales_minor as accrual_gross_sales_minor,
        accrual.coupon_discounts_minor as accrual_coupon_discounts_minor,
        accrual.membership_discounts_minor as accrual_membership_discounts_minor,
        accrual.loyalty_discounts_minor as accrual_loyalty_discounts_minor,
        accrual.package_discounts_minor as accrual_package_discounts_minor,
        accrual.manual_discounts_minor as accrual_manual_discounts_minor,
        accrual.discounts_minor as accrual_discounts_minor,
        accrual.returns_minor as accrual_returns_minor,
        accrual.net_sales_minor as accrual_net_sales_minor,
        accrual.tax_minor as accrual_tax_minor,
        accrual.tips_minor as accrual_tips_minor,
        accrual.service_charges_minor as accrual_service_charges_minor,
        accrual.fees_minor as accrual_fees_minor,
        accrual.gift_card_sales_minor as accrual_gift_card_sales_minor,
        accrual.package_sales_minor as accrual_package_sales_minor,
        accrual.membership_sales_minor as accrual_membership_sales_minor,
        accrual.total_billed_minor as accrual_total_billed_minor,
        cash.gross_sales_minor as cash_gross_sales_minor,
        cash.coupon_discounts_minor as cash_coupon_discounts_minor,
        cash.membership_discounts_minor as cash_membership_discounts_minor,
        cash.loyalty_discounts_minor as cash_loyalty_discounts_minor,
        cash.package_discounts_minor as cash_package_discounts_minor,
        cash.manual_discounts_minor as cash_manual_discounts_minor,
        cash.discounts_minor as cash_discounts_minor,
        cash.returns_minor as cash_returns_minor,
        cash.net_sales_minor as cash_net_sales_minor,
        cash.tax_minor as cash_tax_minor,
        cash.tips_minor as cash_tips_minor,
        cash.service_charges_minor as cash_service_charges_minor,
        cash.fees_minor as cash_fees_minor,
        cash.gift_card_sales_minor as cash_gift_card_sales_minor,
        cash.package_sales_minor as cash_package_sales_minor,
        cash.membership_sales_minor as cash_membership_sales_minor,
        cash.unallocated_minor as cash_unallocated_minor,
        cash.over_payments_minor as cash_over_payments_minor,
        cash.liability_redemptions_minor as cash_liability_redemptions_minor,
        cash.total_collected_minor as cash_total_collected_minor,
        tenders.processing_fees_minor as cash_processing_fees_minor,
        cash.total_collected_minor
        - tenders.processing_fees_minor as cash_expected_payout_minor,
        tenders.cash_minor as cash_cash_minor,
        tenders.card_minor as cash_card_minor,
        tenders.wallet_minor as cash_wallet_minor,
        tenders.bank_transfer_minor as cash_bank_transfer_minor,
        tenders.online_minor as cash_online_minor,
        tenders.gift_card_minor as cash_gift_card_minor,
        tenders.loyalty_minor as cash_loyalty_minor,
        tenders.account_minor as cash_account_minor,
        tenders.other_minor as cash_other_minor
    from {{ ref('int_financial_accrual') }} as accrual
    inner join {{ ref('int_financial_cash') }} as cash
        on
            accrual.organization_id = cash.organization_id
            and accrual.location_id = cash.location_id
            and accrual.business_date = cash.business_date
    inner join {{ ref('int_financial_tenders') }} as tenders
        on
            accrual.organization_id = tenders.organization_id
            and accrual.location_id = tenders.location_id
            and accrual.business_date = tenders.business_date
)

select * from final
