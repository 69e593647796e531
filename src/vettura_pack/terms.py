"""
Every number and choice of the business, typed. The meaning and the source of each stand beside its value in terms.yaml.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal

from vettura_pack.values import Days


@dataclass(frozen=True, kw_only=True)
class DataVolume:
    """
    One line of the data-volume adviser: up to `up_to_km_a_year` (None: more than the line before) this much a month.
    `is_interpolated`: nothing is printed there; the figures of its neighbours stand for it.
    """

    up_to_km_a_year: int | None
    least_megabytes: int
    most_megabytes: int
    is_interpolated: bool = False


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A price in one currency, tax included."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class TermEntry:
    """What stands beside a value: its meaning in a sentence, where it was read, and the line in terms.yaml."""

    name: str
    means: str
    source: tuple[str, ...]
    line: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """
    The numbers of the business. `Days` are whole calendar days; `timedelta` is exact time.

    A new number is a field here and an entry in every pack's terms.yaml; the loader refuses a pack that lacks one.
    """

    # Accounts
    password_min_length: int
    password_min_upper_case: int
    password_min_digits: int
    password_min_special: int
    invitation_validity: timedelta
    registration_validity: timedelta
    sign_in_free_attempts: int
    sign_in_free_attempts_per_place: int
    sign_in_first_pause: timedelta
    sign_in_longest_pause: timedelta
    sign_in_attempts_kept: timedelta
    mail_requests_free: int
    email_change_validity: timedelta
    password_reset_validity: timedelta
    sms_code_length: int
    sms_code_validity: timedelta
    sms_code_attempts: int
    sms_code_resend_after: timedelta
    sms_code_resends_before_support: int
    pin_length: int
    pin_attempts: int
    pin_attempts_at_all_cars: int
    pin_lock_duration: timedelta
    step_up_validity: timedelta
    sign_in_attempts: int
    sign_in_lock_duration: timedelta

    # Vehicles and their link
    pairing_code_length: int
    pairing_code_attempts: int
    pairing_code_lock_duration: timedelta
    car_sign_in_validity: timedelta
    invitation_before_handover: timedelta
    ownership_claims_at_once: int
    security_code_length: int
    security_code_attempts: int
    security_code_lock_duration: timedelta
    longest_code_lock_duration: timedelta
    command_lifetimes: Mapping[str, timedelta]
    climate_battery_minimum: int
    climate_hold: timedelta
    climate_lead: timedelta
    wakes_a_day: int
    wake_duration: timedelta
    low_voltage_minimum: Decimal
    incidents_kept: timedelta
    climate_temperature_minimum: Decimal
    climate_temperature_maximum: Decimal
    climate_temperature_default: Decimal
    charge_target_minimum: int
    charge_target_maximum: int
    hotspot_password_min_length: int
    destinations_per_car: int
    deleted_destinations_kept: timedelta
    map_update_max_regions: int
    phone_deletion_swipe_start: Decimal
    integrated_sim_roaming_cost: Decimal
    sample_picture_before_year: int
    digital_manuals_since_year: int

    # Buying
    withdrawal_period: Days
    renewal_window: Days
    fod_download_period: Days
    card_code_length: int
    amex_code_length: int
    invoice_delay: timedelta
    invoice_may_take: Days
    card_expiry_notice: timedelta
    payment_challenge_validity: timedelta

    # Parking, identification, workshop, data
    data_export_interval: timedelta
    data_export_kept: timedelta
    history_fine: timedelta
    history_kept: timedelta
    erasure_due_months: int
    tax_records_kept_years: int
    parking_extra_card_price: Amount
    parking_base_fee_per_month: Amount
    parking_invoices_per_month: int
    identification_opens_at: time
    identification_closes_at: time
    identification_time_zone: str
    identification_shortest: timedelta
    identification_longest: timedelta
    identification_price: Decimal
    identification_documents: tuple[str, ...]
    identification_more_document_countries: tuple[str, ...]
    identification_case_validity: timedelta
    identification_attempts: int
    identification_evidence_kept: timedelta
    identification_app_name: str
    identification_app_ios: str
    identification_app_android: str
    appointment_lead: Days
    restart_wait: timedelta
    data_volumes: tuple[DataVolume, ...]
    data_rates: Mapping[str, int]
    app_minimum_android: str
    app_minimum_ios: str
    carplay_minimum_phone: str
    countries_with_services_more_than: int

    # Assistance
    breakdown_answered: timedelta
    case_due: Days
    withdrawal_case_due: Days

    # Help center
    help_feedback_kept: timedelta

    def command_lifetime(self, command_type: str) -> timedelta:
        """How long a remote command of this type may wait for the car before it expires."""
        return self.command_lifetimes.get(command_type, self.command_lifetimes["default"])
