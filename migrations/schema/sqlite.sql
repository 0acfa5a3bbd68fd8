-- revision 0033
-- Made by `make schema` from migrations/versions. Do not edit.

CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE audit_logs (
	seq BIGINT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	entity_type TEXT NOT NULL, 
	entity_id CHAR(32) NOT NULL, 
	operation TEXT NOT NULL, 
	changes TEXT NOT NULL, 
	CONSTRAINT pk_audit_logs PRIMARY KEY (seq, ordinal)
);

CREATE TABLE command_keys (
	"key" CHAR(32) NOT NULL, 
	command TEXT NOT NULL, 
	result TEXT, 
	CONSTRAINT pk_command_keys PRIMARY KEY ("key")
);

CREATE TABLE database_identity (
	database_id CHAR(32) NOT NULL, 
	site_id CHAR(32) NOT NULL, 
	site_code TEXT, 
	currency TEXT, restored_from CHAR(32), 
	CONSTRAINT pk_database_identity PRIMARY KEY (database_id)
);

CREATE TABLE journal (
	seq BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	hlc BIGINT NOT NULL, 
	actor_id CHAR(32), 
	actor_name TEXT NOT NULL, 
	workstation_id CHAR(32), 
	command TEXT NOT NULL, 
	reason TEXT, 
	hash BLOB NOT NULL, 
	CONSTRAINT pk_journal PRIMARY KEY (seq)
);

CREATE TABLE journal_head (
	id INTEGER NOT NULL, 
	seq BIGINT NOT NULL, 
	hash BLOB NOT NULL, 
	hlc BIGINT NOT NULL, 
	CONSTRAINT pk_journal_head PRIMARY KEY (id)
);

CREATE TABLE login_failures (
	id CHAR(32) NOT NULL, 
	username_hash TEXT NOT NULL, 
	failed_login_attempts INTEGER NOT NULL, 
	locked_until DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_login_failures PRIMARY KEY (id), 
	CONSTRAINT ck_login_failures_failures_not_negative CHECK (failed_login_attempts >= 0), 
	CONSTRAINT uq_login_failures_username_hash UNIQUE (username_hash)
);

CREATE TABLE permissions (
	id CHAR(32) NOT NULL, 
	code TEXT NOT NULL, 
	title TEXT NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_permissions PRIMARY KEY (id), 
	CONSTRAINT uq_permissions_code UNIQUE (code)
);

CREATE TABLE roles (
	id CHAR(32) NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	description TEXT, 
	is_default BOOLEAN NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_roles PRIMARY KEY (id), 
	CONSTRAINT uq_roles_code UNIQUE (code)
);

CREATE TABLE users (
	id CHAR(32) NOT NULL, 
	username TEXT NOT NULL, 
	email TEXT, 
	full_name TEXT NOT NULL, 
	phone TEXT, 
	password_hash TEXT, 
	pin_hash TEXT, 
	status VARCHAR(24) NOT NULL, 
	failed_login_attempts INTEGER NOT NULL, 
	locked_until DATETIME, 
	last_login_at DATETIME, 
	must_change_password BOOLEAN NOT NULL, 
	email_verified BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, pin_failures INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_users_pin_failures_not_negative CHECK (pin_failures >= 0), phone_verified BOOLEAN DEFAULT FALSE NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT ck_users_failures_not_negative CHECK (failed_login_attempts >= 0), 
	CONSTRAINT ck_users_username_small CHECK (username = lower(username)), 
	CONSTRAINT uq_users_email UNIQUE (email), 
	CONSTRAINT uq_users_username UNIQUE (username), 
	CONSTRAINT ck_users_userstatus CHECK (status IN ('ACTIVE', 'DISABLED'))
);

CREATE TABLE hospitals (
	id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	address TEXT, 
	licence_number TEXT, 
	phone TEXT, 
	email TEXT, 
	tax_number TEXT, 
	currency TEXT NOT NULL, 
	logo_document_id CHAR(32), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_hospitals PRIMARY KEY (id), 
	CONSTRAINT ck_hospitals_currency_is_iso CHECK (length(currency) = 3), 
	CONSTRAINT fk_hospitals_logo_document_id FOREIGN KEY(logo_document_id) REFERENCES documents (id)
);

CREATE TABLE password_resets (
	id CHAR(32) NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	token_hash TEXT NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	issued_by_id CHAR(32), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_password_resets PRIMARY KEY (id), 
	CONSTRAINT fk_password_resets_issued_by_id FOREIGN KEY(issued_by_id) REFERENCES users (id), 
	CONSTRAINT fk_password_resets_user_id FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_password_resets_token_hash UNIQUE (token_hash)
);

CREATE TABLE role_permissions (
	id CHAR(32) NOT NULL, 
	role_id CHAR(32) NOT NULL, 
	permission_id CHAR(32) NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_role_permissions PRIMARY KEY (id), 
	CONSTRAINT fk_role_permissions_permission_id FOREIGN KEY(permission_id) REFERENCES permissions (id), 
	CONSTRAINT fk_role_permissions_role_id FOREIGN KEY(role_id) REFERENCES roles (id), 
	CONSTRAINT uq_role_permissions_role_id_permission_id UNIQUE (role_id, permission_id)
);

CREATE TABLE user_roles (
	id CHAR(32) NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	role_id CHAR(32) NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_user_roles PRIMARY KEY (id), 
	CONSTRAINT fk_user_roles_role_id FOREIGN KEY(role_id) REFERENCES roles (id), 
	CONSTRAINT fk_user_roles_user_id FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_user_roles_user_id_role_id UNIQUE (user_id, role_id)
);

CREATE TABLE clinics (
	id CHAR(32) NOT NULL, 
	hospital_id CHAR(32) NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	address TEXT, 
	phone TEXT, 
	timezone TEXT NOT NULL, 
	is_main BOOLEAN NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, site_id CHAR(32) CONSTRAINT fk_clinics_site_id REFERENCES sites (id), 
	CONSTRAINT pk_clinics PRIMARY KEY (id), 
	CONSTRAINT ck_clinics_code_is_short_capital CHECK (length(code) BETWEEN 2 AND 5 AND code = upper(code)), 
	CONSTRAINT fk_clinics_hospital_id FOREIGN KEY(hospital_id) REFERENCES hospitals (id), 
	CONSTRAINT uq_clinics_code UNIQUE (code)
);

CREATE TABLE departments (
	id CHAR(32) NOT NULL, 
	hospital_id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	description TEXT, 
	head_doctor_id CHAR(32), 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_departments PRIMARY KEY (id), 
	CONSTRAINT fk_departments_head_doctor_id FOREIGN KEY(head_doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_departments_hospital_id FOREIGN KEY(hospital_id) REFERENCES hospitals (id), 
	CONSTRAINT uq_departments_hospital_id_name UNIQUE (hospital_id, name)
);

CREATE TABLE tax_configurations (
	id CHAR(32) NOT NULL, 
	hospital_id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	rate_basis_points INTEGER NOT NULL, 
	is_inclusive BOOLEAN NOT NULL, 
	applies_to VARCHAR(24) NOT NULL, 
	valid_from DATE NOT NULL, 
	valid_to DATE, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_tax_configurations PRIMARY KEY (id), 
	CONSTRAINT ck_tax_configurations_rate_is_percent CHECK (rate_basis_points BETWEEN 0 AND 10000), 
	CONSTRAINT ck_tax_configurations_valid_span CHECK (valid_to IS NULL OR valid_to >= valid_from), 
	CONSTRAINT fk_tax_configurations_hospital_id FOREIGN KEY(hospital_id) REFERENCES hospitals (id), 
	CONSTRAINT uq_tax_configurations_hospital_id_name_valid_from UNIQUE (hospital_id, name, valid_from), 
	CONSTRAINT ck_tax_configurations_taxscope CHECK (applies_to IN ('ALL', 'SERVICES', 'MEDICINES', 'PRODUCTS'))
);

CREATE TABLE holidays (
	id CHAR(32) NOT NULL, 
	hospital_id CHAR(32) NOT NULL, 
	clinic_id CHAR(32), 
	day DATE NOT NULL, 
	name TEXT NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_holidays PRIMARY KEY (id), 
	CONSTRAINT fk_holidays_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_holidays_hospital_id FOREIGN KEY(hospital_id) REFERENCES hospitals (id), 
	CONSTRAINT uq_holidays_clinic_id_day UNIQUE (clinic_id, day)
);

CREATE TABLE id_sequences (
	id CHAR(32) NOT NULL, 
	kind TEXT NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	year INTEGER NOT NULL, 
	next_number INTEGER NOT NULL, 
	prefix TEXT NOT NULL, 
	width INTEGER NOT NULL, 
	reset VARCHAR(24) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, series TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_id_sequences PRIMARY KEY (id), 
	CONSTRAINT ck_id_sequences_next_number_positive CHECK (next_number >= 1), 
	CONSTRAINT ck_id_sequences_width_sensible CHECK (width BETWEEN 1 AND 12), 
	CONSTRAINT fk_id_sequences_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT ck_id_sequences_reset CHECK (reset IN ('YEARLY', 'DAILY', 'NEVER'))
);

CREATE TABLE workstations (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	room TEXT, 
	printer_profiles TEXT, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_workstations PRIMARY KEY (id), 
	CONSTRAINT fk_workstations_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT uq_workstations_clinic_id_name UNIQUE (clinic_id, name), 
	CONSTRAINT ck_workstations_workstationkind CHECK (kind IN ('FRONT_DESK', 'CONSULTING_ROOM', 'PHARMACY', 'CASHIER', 'DISPLAY', 'KIOSK'))
);

CREATE TABLE hospital_settings (
	id CHAR(32) NOT NULL, 
	hospital_id CHAR(32) NOT NULL, 
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	scope VARCHAR(24) NOT NULL, 
	clinic_id CHAR(32), 
	workstation_id CHAR(32), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_hospital_settings PRIMARY KEY (id), 
	CONSTRAINT ck_hospital_settings_scope_names_its_place CHECK ((scope = 'HOSPITAL' AND clinic_id IS NULL AND workstation_id IS NULL) OR (scope = 'CLINIC' AND clinic_id IS NOT NULL AND workstation_id IS NULL) OR (scope = 'WORKSTATION' AND clinic_id IS NULL AND workstation_id IS NOT NULL)), 
	CONSTRAINT fk_hospital_settings_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_hospital_settings_hospital_id FOREIGN KEY(hospital_id) REFERENCES hospitals (id), 
	CONSTRAINT fk_hospital_settings_workstation_id FOREIGN KEY(workstation_id) REFERENCES workstations (id), 
	CONSTRAINT ck_hospital_settings_scope CHECK (scope IN ('HOSPITAL', 'CLINIC', 'WORKSTATION'))
);

CREATE TABLE otp_verifications (
	id CHAR(32) NOT NULL, 
	user_id CHAR(32), 
	patient_id CHAR(32), 
	purpose VARCHAR(24) NOT NULL, 
	code_hash TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	expires_at DATETIME NOT NULL, 
	is_verified BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, sent_to TEXT, act TEXT, used_at DATETIME, 
	CONSTRAINT pk_otp_verifications PRIMARY KEY (id), 
	CONSTRAINT ck_otp_verifications_one_person CHECK ((user_id IS NULL) <> (patient_id IS NULL)), 
	CONSTRAINT ck_otp_verifications_attempts_bounded CHECK (attempts BETWEEN 0 AND 10), 
	CONSTRAINT fk_otp_verifications_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_otp_verifications_user_id FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT ck_otp_verifications_otppurpose CHECK (purpose IN ('VERIFY_PHONE', 'VERIFY_EMAIL', 'RESET', 'APPROVE'))
);

CREATE TABLE refresh_tokens (
	id CHAR(32) NOT NULL, 
	token_hash TEXT NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	workstation_id CHAR(32), 
	issued_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, host TEXT, by_pin BOOLEAN DEFAULT FALSE NOT NULL, confirmed_until DATETIME, ended_as VARCHAR(24) CONSTRAINT ck_refresh_tokens_sessionend CHECK (ended_as IN ('REPLACED', 'LOGGED_OUT', 'REVOKED')), kiosk_since DATETIME, 
	CONSTRAINT pk_refresh_tokens PRIMARY KEY (id), 
	CONSTRAINT ck_refresh_tokens_expires_later CHECK (expires_at > issued_at), 
	CONSTRAINT fk_refresh_tokens_user_id FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT fk_refresh_tokens_workstation_id FOREIGN KEY(workstation_id) REFERENCES workstations (id), 
	CONSTRAINT uq_refresh_tokens_token_hash UNIQUE (token_hash)
);

CREATE TABLE card_signing_keys (
	id CHAR(32) NOT NULL, 
	key_number INTEGER NOT NULL, 
	seed BLOB, 
	public_key BLOB NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_card_signing_keys PRIMARY KEY (id), 
	CONSTRAINT ck_card_signing_keys_key_sizes CHECK (length(seed) = 32 AND length(public_key) = 32), 
	CONSTRAINT uq_card_signing_keys_key_number UNIQUE (key_number)
);

CREATE TABLE documents (
	id CHAR(32) NOT NULL, 
	sha256 TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	location TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_documents PRIMARY KEY (id), 
	CONSTRAINT ck_documents_sha256_in_hex CHECK (length(sha256) = 64), 
	CONSTRAINT ck_documents_size_not_negative CHECK (size_bytes >= 0), 
	CONSTRAINT uq_documents_sha256 UNIQUE (sha256)
);

CREATE TABLE specialties (
	id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	description TEXT, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_specialties PRIMARY KEY (id), 
	CONSTRAINT uq_specialties_name UNIQUE (name)
);

CREATE TABLE doctors (
	id CHAR(32) NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	specialty_id CHAR(32) NOT NULL, 
	department_id CHAR(32), 
	license_number TEXT NOT NULL, 
	qualification TEXT, 
	experience_years INTEGER NOT NULL, 
	bio TEXT, 
	default_fee BIGINT, 
	share_basis_points INTEGER NOT NULL, 
	room TEXT, 
	is_active BOOLEAN NOT NULL, 
	is_available BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_doctors PRIMARY KEY (id), 
	CONSTRAINT ck_doctors_fee_not_negative CHECK (default_fee IS NULL OR default_fee >= 0), 
	CONSTRAINT ck_doctors_experience_not_negative CHECK (experience_years >= 0), 
	CONSTRAINT ck_doctors_share_is_percent CHECK (share_basis_points BETWEEN 0 AND 10000), 
	CONSTRAINT fk_doctors_department_id FOREIGN KEY(department_id) REFERENCES departments (id), 
	CONSTRAINT fk_doctors_specialty_id FOREIGN KEY(specialty_id) REFERENCES specialties (id), 
	CONSTRAINT fk_doctors_user_id FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_doctors_license_number UNIQUE (license_number), 
	CONSTRAINT uq_doctors_user_id UNIQUE (user_id)
);

CREATE TABLE patients (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	patient_number TEXT NOT NULL, 
	first_name TEXT NOT NULL, 
	middle_name TEXT, 
	last_name TEXT, 
	full_name TEXT NOT NULL, 
	date_of_birth DATE, 
	dob_is_estimated BOOLEAN NOT NULL, 
	gender VARCHAR(24) NOT NULL, 
	blood_group VARCHAR(24), 
	phone TEXT, 
	phone_typed TEXT, 
	phone_tail TEXT, 
	phone_owner_id CHAR(32), 
	email TEXT, 
	address TEXT, 
	city TEXT, 
	region TEXT, 
	postal_code TEXT, 
	country TEXT, 
	national_id TEXT, 
	allergies TEXT, 
	medical_history TEXT, 
	remarks TEXT, 
	emergency_contact_name TEXT, 
	emergency_contact_phone TEXT, 
	photo_document_id CHAR(32), 
	has_insurance BOOLEAN NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	merged_into_id CHAR(32), 
	search_key BIGINT NOT NULL, 
	search_text TEXT NOT NULL, 
	name_key TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, phone_verified BOOLEAN DEFAULT FALSE NOT NULL, email_verified BOOLEAN DEFAULT FALSE NOT NULL, is_restricted BOOLEAN DEFAULT 0 NOT NULL, erased_at DATETIME, sounds TEXT DEFAULT '{}' NOT NULL, contact_language TEXT, contact_by VARCHAR(24) CONSTRAINT ck_patients_contactby CHECK (contact_by IN ('SMS', 'EMAIL', 'PHONE', 'NO_MESSAGES')), 
	CONSTRAINT pk_patients PRIMARY KEY (id), 
	CONSTRAINT ck_patients_merged_into_one CHECK ((status = 'MERGED') = (merged_into_id IS NOT NULL)), 
	CONSTRAINT ck_patients_phone_as_typed CHECK ((phone IS NULL) = (phone_typed IS NULL)), 
	CONSTRAINT ck_patients_first_name_given CHECK (length(first_name) > 0), 
	CONSTRAINT ck_patients_not_merged_into_itself CHECK (merged_into_id IS NULL OR merged_into_id <> id), 
	CONSTRAINT ck_patients_phone_shared_with_another CHECK (phone_owner_id IS NULL OR (phone IS NOT NULL AND phone_owner_id <> id)), 
	CONSTRAINT ck_patients_search_key_range CHECK (search_key >= 0 AND search_key < 4611686018427387904), 
	CONSTRAINT fk_patients_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_patients_merged_into_id FOREIGN KEY(merged_into_id) REFERENCES patients (id), 
	CONSTRAINT fk_patients_phone_owner_id FOREIGN KEY(phone_owner_id) REFERENCES patients (id), 
	CONSTRAINT fk_patients_photo_document_id FOREIGN KEY(photo_document_id) REFERENCES documents (id), 
	CONSTRAINT uq_patients_patient_number UNIQUE (patient_number), 
	CONSTRAINT uq_patients_search_key UNIQUE (search_key), 
	CONSTRAINT ck_patients_gender CHECK (gender IN ('MALE', 'FEMALE', 'OTHER')), 
	CONSTRAINT ck_patients_bloodgroup CHECK (blood_group IN ('A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-')), 
	CONSTRAINT ck_patients_patientstatus CHECK (status IN ('ACTIVE', 'MERGED', 'DECEASED', 'ARCHIVED'))
);

CREATE TABLE services (
	id CHAR(32) NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	description TEXT, 
	category VARCHAR(24) NOT NULL, 
	department_id CHAR(32), 
	price BIGINT NOT NULL, 
	uses_doctor_fee BOOLEAN NOT NULL, 
	duration_minutes INTEGER NOT NULL, 
	pricing_model VARCHAR(24) NOT NULL, 
	tooth_chart_use VARCHAR(24) NOT NULL, 
	tax_configuration_id CHAR(32), 
	doctor_share_basis_points INTEGER, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_services PRIMARY KEY (id), 
	CONSTRAINT ck_services_share_is_percent CHECK (doctor_share_basis_points BETWEEN 0 AND 10000), 
	CONSTRAINT ck_services_duration_sensible CHECK (duration_minutes BETWEEN 1 AND 480), 
	CONSTRAINT ck_services_price_not_negative CHECK (price >= 0), 
	CONSTRAINT fk_services_department_id FOREIGN KEY(department_id) REFERENCES departments (id), 
	CONSTRAINT fk_services_tax_configuration_id FOREIGN KEY(tax_configuration_id) REFERENCES tax_configurations (id), 
	CONSTRAINT uq_services_code UNIQUE (code), 
	CONSTRAINT ck_services_servicecategory CHECK (category IN ('CONSULTATION', 'PROCEDURE', 'IMAGING', 'LAB', 'DENTAL', 'OPTICAL', 'OTHER')), 
	CONSTRAINT ck_services_pricingmodel CHECK (pricing_model IN ('PER_SESSION', 'PER_TOOTH', 'PER_TOOTH_PACKAGE', 'PER_FILM', 'PER_TREATMENT_PACKAGE')), 
	CONSTRAINT ck_services_toothchartuse CHECK (tooth_chart_use IN ('REQUIRED', 'OPTIONAL', 'NOT_NEEDED'))
);

CREATE TABLE doctor_fees (
	id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	visit_type VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	valid_from DATE NOT NULL, 
	follow_up_days INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, valid_to DATE CONSTRAINT ck_doctor_fees_valid_span CHECK (valid_to IS NULL OR valid_to >= valid_from), 
	CONSTRAINT pk_doctor_fees PRIMARY KEY (id), 
	CONSTRAINT ck_doctor_fees_amount_not_negative CHECK (amount >= 0), 
	CONSTRAINT ck_doctor_fees_window_sensible CHECK (follow_up_days BETWEEN 0 AND 365), 
	CONSTRAINT fk_doctor_fees_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT uq_doctor_fees_doctor_id_visit_type_valid_from UNIQUE (doctor_id, visit_type, valid_from), 
	CONSTRAINT ck_doctor_fees_feekind CHECK (visit_type IN ('OPD', 'FOLLOW_UP', 'EMERGENCY', 'HOME_VISIT', 'TELECONSULT'))
);

CREATE TABLE doctor_leaves (
	id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	first_day DATE NOT NULL, 
	last_day DATE NOT NULL, 
	start_time TIME, 
	end_time TIME, 
	reason TEXT, 
	status VARCHAR(24) NOT NULL, 
	requested_by_id CHAR(32), 
	decided_by_id CHAR(32), 
	decided_at DATETIME, 
	decision_note TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_doctor_leaves PRIMARY KEY (id), 
	CONSTRAINT ck_doctor_leaves_decided_when_decided CHECK ((status = 'REQUESTED') = (decided_at IS NULL)), 
	CONSTRAINT ck_doctor_leaves_part_of_one_day CHECK ((start_time IS NULL AND end_time IS NULL) OR (start_time < end_time AND first_day = last_day)), 
	CONSTRAINT ck_doctor_leaves_days_in_order CHECK (last_day >= first_day), 
	CONSTRAINT fk_doctor_leaves_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES users (id), 
	CONSTRAINT fk_doctor_leaves_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_doctor_leaves_requested_by_id FOREIGN KEY(requested_by_id) REFERENCES users (id), 
	CONSTRAINT ck_doctor_leaves_leavestatus CHECK (status IN ('REQUESTED', 'APPROVED', 'REJECTED', 'WITHDRAWN'))
);

CREATE TABLE doctor_schedules (
	id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	weekday INTEGER NOT NULL, 
	start_time TIME NOT NULL, 
	end_time TIME NOT NULL, 
	slot_minutes INTEGER NOT NULL, 
	max_patients INTEGER NOT NULL, 
	room TEXT, 
	valid_from DATE NOT NULL, 
	valid_to DATE, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_doctor_schedules PRIMARY KEY (id), 
	CONSTRAINT ck_doctor_schedules_capacity_sensible CHECK (max_patients BETWEEN 1 AND 50), 
	CONSTRAINT ck_doctor_schedules_slot_sensible CHECK (slot_minutes BETWEEN 5 AND 240), 
	CONSTRAINT ck_doctor_schedules_ends_after_start CHECK (start_time < end_time), 
	CONSTRAINT ck_doctor_schedules_valid_span CHECK (valid_to IS NULL OR valid_to >= valid_from), 
	CONSTRAINT ck_doctor_schedules_weekday_known CHECK (weekday BETWEEN 0 AND 6), 
	CONSTRAINT fk_doctor_schedules_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_doctor_schedules_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id)
);

CREATE TABLE id_cards (
	id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	card_number TEXT NOT NULL, 
	code128 TEXT NOT NULL, 
	qr_payload TEXT NOT NULL, 
	template TEXT NOT NULL, 
	issued_at DATETIME NOT NULL, 
	printed_at DATETIME, 
	print_count INTEGER NOT NULL, 
	revoked_at DATETIME, 
	revoked_reason TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, template_id CHAR(32) CONSTRAINT fk_id_cards_template_id REFERENCES card_templates (id), valid_until DATE, 
	CONSTRAINT pk_id_cards PRIMARY KEY (id), 
	CONSTRAINT fk_id_cards_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT uq_id_cards_card_number UNIQUE (card_number)
);

CREATE TABLE patient_consents (
	id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	type VARCHAR(24) NOT NULL, 
	template_version TEXT NOT NULL, 
	signed_at DATETIME NOT NULL, 
	signature_document_id CHAR(32), 
	witness TEXT, 
	workstation_id CHAR(32), 
	ip_address TEXT, 
	withdrawn_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, template_id CHAR(32) CONSTRAINT fk_patient_consents_template_id REFERENCES consent_templates (id), recorded_by CHAR(32) CONSTRAINT fk_patient_consents_recorded_by REFERENCES users (id), withdrawn_by CHAR(32) CONSTRAINT fk_patient_consents_withdrawn_by REFERENCES users (id), signed_as VARCHAR(24) DEFAULT 'PATIENT' NOT NULL CONSTRAINT ck_patient_consents_signedas CHECK (signed_as IN ('PATIENT', 'GUARDIAN')), guardian TEXT CONSTRAINT ck_patient_consents_guardian_named CHECK (signed_as <> 'GUARDIAN' OR guardian IS NOT NULL), withdrawal_reason TEXT CONSTRAINT ck_patient_consents_reason_of_a_withdrawal CHECK (withdrawal_reason IS NULL OR withdrawn_at IS NOT NULL), 
	CONSTRAINT pk_patient_consents PRIMARY KEY (id), 
	CONSTRAINT ck_patient_consents_signed_or_witnessed CHECK (signature_document_id IS NOT NULL OR witness IS NOT NULL), 
	CONSTRAINT ck_patient_consents_withdrawn_after_signing CHECK (withdrawn_at IS NULL OR withdrawn_at >= signed_at), 
	CONSTRAINT fk_patient_consents_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_patient_consents_signature_document_id FOREIGN KEY(signature_document_id) REFERENCES documents (id), 
	CONSTRAINT fk_patient_consents_workstation_id FOREIGN KEY(workstation_id) REFERENCES workstations (id), 
	CONSTRAINT ck_patient_consents_consenttype CHECK (type IN ('TREATMENT', 'DATA_PROCESSING', 'MESSAGES', 'PHOTOGRAPHS', 'RESEARCH'))
);

CREATE TABLE patient_documents (
	id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	document_id CHAR(32) NOT NULL, 
	original_file_name TEXT NOT NULL, 
	category VARCHAR(24) NOT NULL, 
	subcategory TEXT, 
	description TEXT, 
	access_level VARCHAR(24) NOT NULL, 
	tags TEXT, 
	metadata TEXT, 
	uploaded_by CHAR(32), 
	is_archived BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_patient_documents PRIMARY KEY (id), 
	CONSTRAINT fk_patient_documents_document_id FOREIGN KEY(document_id) REFERENCES documents (id), 
	CONSTRAINT fk_patient_documents_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_patient_documents_uploaded_by FOREIGN KEY(uploaded_by) REFERENCES users (id), 
	CONSTRAINT ck_patient_documents_documentcategory CHECK (category IN ('diagnostic-images', 'treatment-photos', 'forms-documents', 'administrative', 'insurance', 'correspondence')), 
	CONSTRAINT ck_patient_documents_accesslevel CHECK (access_level IN ('patient', 'staff', 'doctor', 'admin'))
);

CREATE TABLE patient_duplicates (
	id CHAR(32) NOT NULL, 
	a_id CHAR(32) NOT NULL, 
	b_id CHAR(32) NOT NULL, 
	score INTEGER NOT NULL, 
	reasons TEXT NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	decided_by CHAR(32), 
	decided_at DATETIME, 
	note TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_patient_duplicates PRIMARY KEY (id), 
	CONSTRAINT ck_patient_duplicates_ordered_pair CHECK (a_id < b_id), 
	CONSTRAINT ck_patient_duplicates_score_in_percent CHECK (score BETWEEN 0 AND 100), 
	CONSTRAINT fk_patient_duplicates_a_id FOREIGN KEY(a_id) REFERENCES patients (id), 
	CONSTRAINT fk_patient_duplicates_b_id FOREIGN KEY(b_id) REFERENCES patients (id), 
	CONSTRAINT fk_patient_duplicates_decided_by FOREIGN KEY(decided_by) REFERENCES users (id), 
	CONSTRAINT uq_patient_duplicates_a_id_b_id UNIQUE (a_id, b_id), 
	CONSTRAINT ck_patient_duplicates_duplicatestatus CHECK (status IN ('OPEN', 'DIFFERENT', 'MERGED'))
);

CREATE TABLE patient_identifiers (
	id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	system TEXT NOT NULL, 
	value TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_patient_identifiers PRIMARY KEY (id), 
	CONSTRAINT ck_patient_identifiers_value_given CHECK (length(value) > 0), 
	CONSTRAINT fk_patient_identifiers_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT uq_patient_identifiers_system_value UNIQUE (system, value)
);

CREATE TABLE patient_merges (
	id CHAR(32) NOT NULL, 
	kept_id CHAR(32) NOT NULL, 
	merged_id CHAR(32) NOT NULL, 
	field_choices TEXT NOT NULL, 
	reason TEXT, 
	merged_by CHAR(32), 
	merged_at DATETIME NOT NULL, 
	undone_by CHAR(32), 
	undone_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_patient_merges PRIMARY KEY (id), 
	CONSTRAINT ck_patient_merges_two_records CHECK (kept_id <> merged_id), 
	CONSTRAINT fk_patient_merges_kept_id FOREIGN KEY(kept_id) REFERENCES patients (id), 
	CONSTRAINT fk_patient_merges_merged_by FOREIGN KEY(merged_by) REFERENCES users (id), 
	CONSTRAINT fk_patient_merges_merged_id FOREIGN KEY(merged_id) REFERENCES patients (id), 
	CONSTRAINT fk_patient_merges_undone_by FOREIGN KEY(undone_by) REFERENCES users (id)
);

CREATE TABLE time_slots (
	id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	slot_date DATE NOT NULL, 
	start_time TIME NOT NULL, 
	end_time TIME NOT NULL, 
	capacity INTEGER NOT NULL, 
	room TEXT, 
	is_available BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_time_slots PRIMARY KEY (id), 
	CONSTRAINT ck_time_slots_capacity_sensible CHECK (capacity BETWEEN 1 AND 50), 
	CONSTRAINT ck_time_slots_ends_after_start CHECK (start_time < end_time), 
	CONSTRAINT fk_time_slots_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_time_slots_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id)
);

CREATE VIRTUAL TABLE patient_search USING fts5(search_text, content='patients', content_rowid='search_key', columnsize=0, tokenize='trigram case_sensitive 1');

CREATE TABLE suppliers (
	id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	contact_name TEXT, 
	phone TEXT, 
	email TEXT, 
	tax_number TEXT, 
	payment_terms TEXT, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_suppliers PRIMARY KEY (id), 
	CONSTRAINT uq_suppliers_name UNIQUE (name)
);

CREATE TABLE daily_settlements (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	business_date DATE NOT NULL, 
	payments_total BIGINT NOT NULL, 
	refunds_total BIGINT NOT NULL, 
	net_total BIGINT NOT NULL, 
	credits_total BIGINT NOT NULL, 
	till_count INTEGER NOT NULL, 
	till_difference BIGINT NOT NULL, 
	note TEXT, 
	signed_off_by CHAR(32), 
	settled_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, away TEXT, payments_away BIGINT, refunds_away BIGINT, credits_away BIGINT, 
	CONSTRAINT pk_daily_settlements PRIMARY KEY (id), 
	CONSTRAINT ck_daily_settlements_net_adds_up CHECK (net_total = payments_total - refunds_total), 
	CONSTRAINT ck_daily_settlements_totals_not_negative CHECK (payments_total >= 0 AND refunds_total >= 0 AND credits_total >= 0), 
	CONSTRAINT fk_daily_settlements_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_daily_settlements_signed_off_by FOREIGN KEY(signed_off_by) REFERENCES users (id), 
	CONSTRAINT uq_daily_settlements_clinic_id_business_date UNIQUE (clinic_id, business_date)
);

CREATE TABLE inventory_items (
	id CHAR(32) NOT NULL, 
	code TEXT NOT NULL, 
	barcode TEXT, 
	name TEXT NOT NULL, 
	search_text TEXT NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	category TEXT, 
	unit TEXT NOT NULL, 
	pack_size INTEGER NOT NULL, 
	min_stock INTEGER NOT NULL, 
	max_stock INTEGER, 
	reorder_quantity INTEGER, 
	storage_location TEXT, 
	cost BIGINT NOT NULL, 
	price BIGINT NOT NULL, 
	tax_configuration_id CHAR(32), 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_inventory_items PRIMARY KEY (id), 
	CONSTRAINT ck_inventory_items_cost_not_negative CHECK (cost >= 0), 
	CONSTRAINT ck_inventory_items_min_not_above_max CHECK (max_stock IS NULL OR min_stock <= max_stock), 
	CONSTRAINT ck_inventory_items_min_stock_not_negative CHECK (min_stock >= 0), 
	CONSTRAINT ck_inventory_items_pack_size_positive CHECK (pack_size >= 1), 
	CONSTRAINT ck_inventory_items_price_not_negative CHECK (price >= 0), 
	CONSTRAINT ck_inventory_items_reorder_quantity_positive CHECK (reorder_quantity IS NULL OR reorder_quantity > 0), 
	CONSTRAINT fk_inventory_items_tax_configuration_id FOREIGN KEY(tax_configuration_id) REFERENCES tax_configurations (id), 
	CONSTRAINT uq_inventory_items_barcode UNIQUE (barcode), 
	CONSTRAINT uq_inventory_items_code UNIQUE (code), 
	CONSTRAINT ck_inventory_items_itemkind CHECK (kind IN ('MEDICINE', 'OPTICAL', 'CONSUMABLE', 'OTHER'))
);

CREATE TABLE stock_locations (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_stock_locations PRIMARY KEY (id), 
	CONSTRAINT fk_stock_locations_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT uq_stock_locations_clinic_id_name UNIQUE (clinic_id, name)
);

CREATE TABLE daily_settlement_lines (
	id CHAR(32) NOT NULL, 
	settlement_id CHAR(32) NOT NULL, 
	method VARCHAR(24) NOT NULL, 
	cashier_id CHAR(32) NOT NULL, 
	payment_count INTEGER NOT NULL, 
	payments_total BIGINT NOT NULL, 
	refund_count INTEGER NOT NULL, 
	refunds_total BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_daily_settlement_lines PRIMARY KEY (id), 
	CONSTRAINT fk_daily_settlement_lines_cashier_id FOREIGN KEY(cashier_id) REFERENCES users (id), 
	CONSTRAINT fk_daily_settlement_lines_settlement_id FOREIGN KEY(settlement_id) REFERENCES daily_settlements (id), 
	CONSTRAINT uq_daily_settlement_lines_settlement_id_method_cashier_id UNIQUE (settlement_id, method, cashier_id), 
	CONSTRAINT ck_daily_settlement_lines_paymentmethod CHECK (method IN ('CASH', 'CARD', 'UPI', 'BANK_TRANSFER', 'WALLET', 'INSURANCE'))
);

CREATE TABLE doctor_settlements (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	period_from DATE NOT NULL, 
	period_to DATE NOT NULL, 
	earned BIGINT NOT NULL, 
	adjustment BIGINT NOT NULL, 
	adjustment_reason TEXT, 
	paid BIGINT NOT NULL, 
	settled_by CHAR(32), 
	settled_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, elsewhere TEXT, 
	CONSTRAINT pk_doctor_settlements PRIMARY KEY (id), 
	CONSTRAINT ck_doctor_settlements_adjustment_has_reason CHECK (adjustment = 0 OR adjustment_reason IS NOT NULL), 
	CONSTRAINT ck_doctor_settlements_paid_adds_up CHECK (paid = earned + adjustment), 
	CONSTRAINT ck_doctor_settlements_period_in_order CHECK (period_from <= period_to), 
	CONSTRAINT fk_doctor_settlements_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_doctor_settlements_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_doctor_settlements_settled_by FOREIGN KEY(settled_by) REFERENCES users (id), 
	CONSTRAINT uq_doctor_settlements_doctor_id_clinic_id_period_to UNIQUE (doctor_id, clinic_id, period_to)
);

CREATE TABLE medicine_batches (
	id CHAR(32) NOT NULL, 
	item_id CHAR(32) NOT NULL, 
	location_id CHAR(32) NOT NULL, 
	batch_number TEXT NOT NULL, 
	expiry DATE, 
	origin VARCHAR(24) NOT NULL, 
	cost BIGINT NOT NULL, 
	price BIGINT, 
	quantity_on_hand INTEGER NOT NULL, 
	supplier_id CHAR(32), 
	status VARCHAR(24) NOT NULL, 
	status_reason TEXT, 
	movement_count INTEGER NOT NULL, 
	last_moved_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_medicine_batches PRIMARY KEY (id), 
	CONSTRAINT ck_medicine_batches_cost_not_negative CHECK (cost >= 0), 
	CONSTRAINT ck_medicine_batches_movement_count_not_negative CHECK (movement_count >= 0), 
	CONSTRAINT ck_medicine_batches_price_not_negative CHECK (price IS NULL OR price >= 0), 
	CONSTRAINT ck_medicine_batches_quantity_on_hand_not_negative CHECK (quantity_on_hand >= 0), 
	CONSTRAINT fk_medicine_batches_item_id FOREIGN KEY(item_id) REFERENCES inventory_items (id), 
	CONSTRAINT fk_medicine_batches_location_id FOREIGN KEY(location_id) REFERENCES stock_locations (id), 
	CONSTRAINT fk_medicine_batches_supplier_id FOREIGN KEY(supplier_id) REFERENCES suppliers (id), 
	CONSTRAINT ck_medicine_batches_batchorigin CHECK (origin IN ('RECEIVED', 'RETURNED')), 
	CONSTRAINT ck_medicine_batches_batchstatus CHECK (status IN ('OK', 'QUARANTINE', 'RECALLED', 'EXPIRED'))
);

CREATE TABLE medicines (
	id CHAR(32) NOT NULL, 
	item_id CHAR(32) NOT NULL, 
	generic_name TEXT, 
	strength TEXT, 
	form TEXT, 
	manufacturer TEXT, 
	schedule TEXT, 
	is_controlled BOOLEAN NOT NULL, 
	ingredients TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_medicines PRIMARY KEY (id), 
	CONSTRAINT fk_medicines_item_id FOREIGN KEY(item_id) REFERENCES inventory_items (id), 
	CONSTRAINT uq_medicines_item_id UNIQUE (item_id)
);

CREATE TABLE stock_adjustments (
	id CHAR(32) NOT NULL, 
	location_id CHAR(32) NOT NULL, 
	reason TEXT NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	value BIGINT NOT NULL, 
	requested_by CHAR(32), 
	approved_by CHAR(32), 
	posted_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_stock_adjustments PRIMARY KEY (id), 
	CONSTRAINT ck_stock_adjustments_posted_has_time CHECK (status <> 'POSTED' OR posted_at IS NOT NULL), 
	CONSTRAINT ck_stock_adjustments_two_persons CHECK (approved_by IS NULL OR requested_by IS NULL OR approved_by <> requested_by), 
	CONSTRAINT ck_stock_adjustments_value_not_negative CHECK (value >= 0), 
	CONSTRAINT fk_stock_adjustments_approved_by FOREIGN KEY(approved_by) REFERENCES users (id), 
	CONSTRAINT fk_stock_adjustments_location_id FOREIGN KEY(location_id) REFERENCES stock_locations (id), 
	CONSTRAINT fk_stock_adjustments_requested_by FOREIGN KEY(requested_by) REFERENCES users (id), 
	CONSTRAINT ck_stock_adjustments_adjustmentstatus CHECK (status IN ('PENDING', 'POSTED', 'REJECTED'))
);

CREATE TABLE till_sessions (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	cashier_id CHAR(32) NOT NULL, 
	workstation_id CHAR(32), 
	status VARCHAR(24) NOT NULL, 
	business_date DATE NOT NULL, 
	opening_float BIGINT NOT NULL, 
	opened_at DATETIME NOT NULL, 
	expected BIGINT, 
	counted BIGINT, 
	difference BIGINT, 
	count_sheet TEXT, 
	note TEXT, 
	closed_at DATETIME, 
	closed_by CHAR(32), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, series TEXT, 
	CONSTRAINT pk_till_sessions PRIMARY KEY (id), 
	CONSTRAINT ck_till_sessions_open_is_not_counted CHECK (status <> 'OPEN' OR (closed_at IS NULL AND counted IS NULL)), 
	CONSTRAINT ck_till_sessions_closed_is_counted CHECK (status = 'OPEN' OR (closed_at IS NOT NULL AND counted IS NOT NULL AND expected IS NOT NULL)), 
	CONSTRAINT ck_till_sessions_difference_adds_up CHECK (counted IS NULL OR difference = counted - expected), 
	CONSTRAINT ck_till_sessions_float_not_negative CHECK (opening_float >= 0), 
	CONSTRAINT fk_till_sessions_cashier_id FOREIGN KEY(cashier_id) REFERENCES users (id), 
	CONSTRAINT fk_till_sessions_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_till_sessions_closed_by FOREIGN KEY(closed_by) REFERENCES users (id), 
	CONSTRAINT fk_till_sessions_workstation_id FOREIGN KEY(workstation_id) REFERENCES workstations (id), 
	CONSTRAINT ck_till_sessions_tillstatus CHECK (status IN ('OPEN', 'CLOSED'))
);

CREATE TABLE payments (
	id CHAR(32) NOT NULL, 
	receipt_number TEXT NOT NULL, 
	tender_index INTEGER NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	method VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	tendered BIGINT NOT NULL, 
	change_given BIGINT NOT NULL, 
	transaction_id TEXT, 
	status VARCHAR(24) NOT NULL, 
	till_session_id CHAR(32) NOT NULL, 
	business_date DATE NOT NULL, 
	received_by CHAR(32) NOT NULL, 
	paid_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_payments PRIMARY KEY (id), 
	CONSTRAINT ck_payments_change_only_in_cash CHECK (change_given = 0 OR method = 'CASH'), 
	CONSTRAINT ck_payments_amount_positive CHECK (amount > 0), 
	CONSTRAINT ck_payments_tender_index_not_negative CHECK (tender_index >= 0), 
	CONSTRAINT ck_payments_change_adds_up CHECK (tendered = amount + change_given AND change_given >= 0), 
	CONSTRAINT fk_payments_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_payments_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_payments_received_by FOREIGN KEY(received_by) REFERENCES users (id), 
	CONSTRAINT fk_payments_till_session_id FOREIGN KEY(till_session_id) REFERENCES till_sessions (id), 
	CONSTRAINT uq_payments_receipt_number_tender_index UNIQUE (receipt_number, tender_index), 
	CONSTRAINT ck_payments_paymentmethod CHECK (method IN ('CASH', 'CARD', 'UPI', 'BANK_TRANSFER', 'WALLET', 'INSURANCE')), 
	CONSTRAINT ck_payments_paymentstatus CHECK (status IN ('PENDING', 'COMPLETED', 'FAILED'))
);

CREATE TABLE stock_adjustment_lines (
	id CHAR(32) NOT NULL, 
	adjustment_id CHAR(32) NOT NULL, 
	batch_id CHAR(32) NOT NULL, 
	quantity INTEGER NOT NULL, 
	unit_cost BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_stock_adjustment_lines PRIMARY KEY (id), 
	CONSTRAINT ck_stock_adjustment_lines_quantity_not_zero CHECK (quantity <> 0), 
	CONSTRAINT fk_stock_adjustment_lines_adjustment_id FOREIGN KEY(adjustment_id) REFERENCES stock_adjustments (id), 
	CONSTRAINT fk_stock_adjustment_lines_batch_id FOREIGN KEY(batch_id) REFERENCES medicine_batches (id), 
	CONSTRAINT uq_stock_adjustment_lines_adjustment_id_batch_id UNIQUE (adjustment_id, batch_id)
);

CREATE TABLE stock_movements (
	id CHAR(32) NOT NULL, 
	batch_id CHAR(32) NOT NULL, 
	entry_number INTEGER NOT NULL, 
	type VARCHAR(24) NOT NULL, 
	quantity INTEGER NOT NULL, 
	previous_stock INTEGER NOT NULL, 
	new_stock INTEGER NOT NULL, 
	unit_cost BIGINT NOT NULL, 
	reason TEXT, 
	reference_type TEXT, 
	reference_id CHAR(32), 
	moved_by CHAR(32), 
	moved_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_stock_movements PRIMARY KEY (id), 
	CONSTRAINT ck_stock_movements_starts_empty CHECK (entry_number > 1 OR previous_stock = 0), 
	CONSTRAINT ck_stock_movements_entry_number_positive CHECK (entry_number >= 1), 
	CONSTRAINT ck_stock_movements_new_stock_not_negative CHECK (new_stock >= 0), 
	CONSTRAINT ck_stock_movements_stock_adds_up CHECK (previous_stock + quantity = new_stock), 
	CONSTRAINT ck_stock_movements_previous_stock_not_negative CHECK (previous_stock >= 0), 
	CONSTRAINT ck_stock_movements_quantity_not_zero CHECK (quantity <> 0), 
	CONSTRAINT fk_stock_movements_batch_id FOREIGN KEY(batch_id) REFERENCES medicine_batches (id), 
	CONSTRAINT fk_stock_movements_moved_by FOREIGN KEY(moved_by) REFERENCES users (id), 
	CONSTRAINT uq_stock_movements_batch_id_entry_number UNIQUE (batch_id, entry_number), 
	CONSTRAINT ck_stock_movements_movementkind CHECK (type IN ('RECEIPT', 'DISPENSE', 'RETURN', 'ADJUSTMENT', 'TRANSFER_IN', 'TRANSFER_OUT', 'CONSUMPTION', 'EXPIRED', 'DAMAGED', 'COUNT'))
);

CREATE TABLE invoices (
	id CHAR(32) NOT NULL, 
	number TEXT, 
	clinic_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	visit_id CHAR(32), 
	status VARCHAR(24) NOT NULL, 
	business_date DATE NOT NULL, 
	subtotal BIGINT NOT NULL, 
	discount BIGINT NOT NULL, 
	tax BIGINT NOT NULL, 
	tax_included BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	paid BIGINT NOT NULL, 
	credited BIGINT NOT NULL, 
	balance BIGINT NOT NULL, 
	due_date DATE, 
	issued_at DATETIME, 
	issued_by CHAR(32), 
	generated_by CHAR(32), 
	cancellation_reason TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_invoices PRIMARY KEY (id), 
	CONSTRAINT ck_invoices_issued_has_number CHECK (number IS NOT NULL OR status IN ('DRAFT', 'CANCELLED')), 
	CONSTRAINT ck_invoices_draft_has_no_number CHECK (status <> 'DRAFT' OR number IS NULL), 
	CONSTRAINT ck_invoices_paid_owes_nothing CHECK (status <> 'PAID' OR balance <= 0), 
	CONSTRAINT ck_invoices_number_when_issued CHECK ((number IS NULL) = (issued_at IS NULL)), 
	CONSTRAINT ck_invoices_draft_has_no_money CHECK (number IS NOT NULL OR (paid = 0 AND credited = 0)), 
	CONSTRAINT ck_invoices_balance_adds_up CHECK (paid + credited + balance = total), 
	CONSTRAINT ck_invoices_money_not_negative CHECK (paid >= 0 AND credited >= 0), 
	CONSTRAINT ck_invoices_amounts_not_negative CHECK (subtotal >= 0 AND discount >= 0 AND total >= 0), 
	CONSTRAINT ck_invoices_tax_included_within_tax CHECK (tax_included >= 0 AND tax_included <= tax), 
	CONSTRAINT ck_invoices_total_adds_up CHECK (total = subtotal - discount + tax - tax_included), 
	CONSTRAINT fk_invoices_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_invoices_generated_by FOREIGN KEY(generated_by) REFERENCES users (id), 
	CONSTRAINT fk_invoices_issued_by FOREIGN KEY(issued_by) REFERENCES users (id), 
	CONSTRAINT fk_invoices_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_invoices_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT uq_invoices_number UNIQUE (number), 
	CONSTRAINT ck_invoices_invoicestatus CHECK (status IN ('DRAFT', 'PENDING', 'PARTIAL', 'PAID', 'OVERDUE', 'CANCELLED'))
);

CREATE TABLE credit_notes (
	id CHAR(32) NOT NULL, 
	number TEXT NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	invoice_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	amount BIGINT NOT NULL, 
	net BIGINT NOT NULL, 
	tax BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	approved_by CHAR(32), 
	business_date DATE NOT NULL, 
	issued_by CHAR(32), 
	issued_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, series TEXT, 
	CONSTRAINT pk_credit_notes PRIMARY KEY (id), 
	CONSTRAINT ck_credit_notes_amount_adds_up CHECK (amount = net + tax), 
	CONSTRAINT ck_credit_notes_amount_positive CHECK (amount > 0 AND net >= 0 AND tax >= 0), 
	CONSTRAINT fk_credit_notes_approved_by FOREIGN KEY(approved_by) REFERENCES users (id), 
	CONSTRAINT fk_credit_notes_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_credit_notes_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT fk_credit_notes_issued_by FOREIGN KEY(issued_by) REFERENCES users (id), 
	CONSTRAINT fk_credit_notes_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT uq_credit_notes_number UNIQUE (number)
);

CREATE TABLE invoice_items (
	id CHAR(32) NOT NULL, 
	invoice_id CHAR(32) NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	source_type TEXT NOT NULL, 
	source_id CHAR(32), 
	description TEXT NOT NULL, 
	teeth TEXT, 
	quantity INTEGER NOT NULL, 
	unit_price BIGINT NOT NULL, 
	discount BIGINT NOT NULL, 
	net BIGINT NOT NULL, 
	tax_configuration_id CHAR(32), 
	tax_name TEXT, 
	tax_rate_basis_points INTEGER NOT NULL, 
	tax_is_inclusive BOOLEAN NOT NULL, 
	tax BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	doctor_id CHAR(32), 
	doctor_share_basis_points INTEGER NOT NULL, 
	doctor_share BIGINT NOT NULL, 
	center_share BIGINT NOT NULL, 
	removed_at DATETIME, 
	removal_reason TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_invoice_items PRIMARY KEY (id), 
	CONSTRAINT ck_invoice_items_discount_within_price CHECK (discount >= 0 AND discount <= quantity * unit_price), 
	CONSTRAINT ck_invoice_items_share_has_doctor CHECK (doctor_id IS NOT NULL OR doctor_share = 0), 
	CONSTRAINT ck_invoice_items_shares_add_up CHECK (doctor_share + center_share = net AND doctor_share >= 0 AND center_share >= 0), 
	CONSTRAINT ck_invoice_items_doctor_rate_within_bounds CHECK (doctor_share_basis_points BETWEEN 0 AND 10000), 
	CONSTRAINT ck_invoice_items_net_adds_up CHECK (quantity * unit_price - discount = net + CASE WHEN tax_is_inclusive THEN tax ELSE 0 END), 
	CONSTRAINT ck_invoice_items_quantity_positive CHECK (quantity > 0), 
	CONSTRAINT ck_invoice_items_tax_rate_within_bounds CHECK (tax_rate_basis_points BETWEEN 0 AND 10000), 
	CONSTRAINT ck_invoice_items_total_adds_up CHECK (total = net + tax), 
	CONSTRAINT ck_invoice_items_amounts_not_negative CHECK (unit_price >= 0 AND net >= 0 AND tax >= 0), 
	CONSTRAINT fk_invoice_items_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_invoice_items_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT fk_invoice_items_tax_configuration_id FOREIGN KEY(tax_configuration_id) REFERENCES tax_configurations (id), 
	CONSTRAINT ck_invoice_items_linekind CHECK (kind IN ('CONSULTATION', 'SERVICE', 'MEDICINE', 'LAB', 'OPTICAL', 'REPAIR', 'OTHER'))
);

CREATE TABLE payment_allocations (
	id CHAR(32) NOT NULL, 
	payment_id CHAR(32) NOT NULL, 
	invoice_id CHAR(32) NOT NULL, 
	amount BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_payment_allocations PRIMARY KEY (id), 
	CONSTRAINT ck_payment_allocations_amount_positive CHECK (amount > 0), 
	CONSTRAINT fk_payment_allocations_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT fk_payment_allocations_payment_id FOREIGN KEY(payment_id) REFERENCES payments (id), 
	CONSTRAINT uq_payment_allocations_payment_id_invoice_id UNIQUE (payment_id, invoice_id)
);

CREATE TABLE credit_note_items (
	id CHAR(32) NOT NULL, 
	credit_note_id CHAR(32) NOT NULL, 
	invoice_item_id CHAR(32) NOT NULL, 
	amount BIGINT NOT NULL, 
	net BIGINT NOT NULL, 
	tax BIGINT NOT NULL, 
	doctor_share BIGINT NOT NULL, 
	center_share BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_credit_note_items PRIMARY KEY (id), 
	CONSTRAINT ck_credit_note_items_amount_adds_up CHECK (amount = net + tax), 
	CONSTRAINT ck_credit_note_items_amount_positive CHECK (amount > 0 AND net >= 0 AND tax >= 0), 
	CONSTRAINT ck_credit_note_items_shares_add_up CHECK (doctor_share + center_share = net AND doctor_share >= 0 AND center_share >= 0), 
	CONSTRAINT fk_credit_note_items_credit_note_id FOREIGN KEY(credit_note_id) REFERENCES credit_notes (id), 
	CONSTRAINT fk_credit_note_items_invoice_item_id FOREIGN KEY(invoice_item_id) REFERENCES invoice_items (id)
);

CREATE TABLE refunds (
	id CHAR(32) NOT NULL, 
	number TEXT NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	payment_id CHAR(32) NOT NULL, 
	invoice_id CHAR(32) NOT NULL, 
	credit_note_id CHAR(32), 
	method VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	approved_by CHAR(32), 
	till_session_id CHAR(32) NOT NULL, 
	business_date DATE NOT NULL, 
	refunded_by CHAR(32) NOT NULL, 
	refunded_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_refunds PRIMARY KEY (id), 
	CONSTRAINT ck_refunds_amount_positive CHECK (amount > 0), 
	CONSTRAINT ck_refunds_second_person CHECK (approved_by IS NULL OR approved_by <> refunded_by), 
	CONSTRAINT fk_refunds_approved_by FOREIGN KEY(approved_by) REFERENCES users (id), 
	CONSTRAINT fk_refunds_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_refunds_credit_note_id FOREIGN KEY(credit_note_id) REFERENCES credit_notes (id), 
	CONSTRAINT fk_refunds_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT fk_refunds_payment_id FOREIGN KEY(payment_id) REFERENCES payments (id), 
	CONSTRAINT fk_refunds_refunded_by FOREIGN KEY(refunded_by) REFERENCES users (id), 
	CONSTRAINT fk_refunds_till_session_id FOREIGN KEY(till_session_id) REFERENCES till_sessions (id), 
	CONSTRAINT uq_refunds_number UNIQUE (number), 
	CONSTRAINT ck_refunds_paymentmethod CHECK (method IN ('CASH', 'CARD', 'UPI', 'BANK_TRANSFER', 'WALLET', 'INSURANCE'))
);

CREATE TABLE prescription_templates (
	id CHAR(32) NOT NULL, 
	doctor_id CHAR(32), 
	name TEXT NOT NULL, 
	diagnosis TEXT, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_prescription_templates PRIMARY KEY (id), 
	CONSTRAINT fk_prescription_templates_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id)
);

CREATE TABLE appointments (
	id CHAR(32) NOT NULL, 
	booking_id TEXT NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	service_id CHAR(32) NOT NULL, 
	time_slot_id CHAR(32), 
	business_date DATE NOT NULL, 
	start_time DATETIME NOT NULL, 
	end_time DATETIME NOT NULL, 
	slot_place INTEGER NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	type VARCHAR(24) NOT NULL, 
	booking_source VARCHAR(24) NOT NULL, 
	fee BIGINT NOT NULL, 
	reason TEXT, 
	notes TEXT, 
	override_reason TEXT, 
	confirmation_sent BOOLEAN NOT NULL, 
	created_by CHAR(32), 
	confirmed_by CHAR(32), 
	completed_by CHAR(32), 
	cancelled_by CHAR(32), 
	cancellation_reason TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, length_minutes INTEGER CONSTRAINT ck_appointments_length_sensible CHECK (length_minutes BETWEEN 1 AND 1440), room TEXT, series_id CHAR(32), confirmed_at DATETIME, contact_attempts INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_appointments_attempts_not_negative CHECK (contact_attempts >= 0), contacted_at DATETIME, overtaken_doctor_id CHAR(32) CONSTRAINT fk_appointments_overtaken_doctor_id REFERENCES doctors (id), overtaken_start DATETIME CONSTRAINT ck_appointments_overtaken_is_whole CHECK ((overtaken_start IS NULL) = (overtaken_doctor_id IS NULL)), 
	CONSTRAINT pk_appointments PRIMARY KEY (id), 
	CONSTRAINT ck_appointments_ends_after_start CHECK (end_time > start_time), 
	CONSTRAINT ck_appointments_fee_not_negative CHECK (fee >= 0), 
	CONSTRAINT ck_appointments_place_from_one CHECK (slot_place >= 1), 
	CONSTRAINT fk_appointments_cancelled_by FOREIGN KEY(cancelled_by) REFERENCES users (id), 
	CONSTRAINT fk_appointments_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_appointments_completed_by FOREIGN KEY(completed_by) REFERENCES users (id), 
	CONSTRAINT fk_appointments_confirmed_by FOREIGN KEY(confirmed_by) REFERENCES users (id), 
	CONSTRAINT fk_appointments_created_by FOREIGN KEY(created_by) REFERENCES users (id), 
	CONSTRAINT fk_appointments_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_appointments_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_appointments_service_id FOREIGN KEY(service_id) REFERENCES services (id), 
	CONSTRAINT fk_appointments_time_slot_id FOREIGN KEY(time_slot_id) REFERENCES time_slots (id), 
	CONSTRAINT uq_appointments_booking_id UNIQUE (booking_id), 
	CONSTRAINT ck_appointments_appointmentstatus CHECK (status IN ('PENDING', 'CONFIRMED', 'CHECKED_IN', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'NO_SHOW')), 
	CONSTRAINT ck_appointments_appointmentkind CHECK (type IN ('REGULAR', 'WALK_IN', 'EMERGENCY', 'FOLLOW_UP')), 
	CONSTRAINT ck_appointments_bookingsource CHECK (booking_source IN ('PHONE', 'WALK_IN', 'ONLINE', 'SYSTEM'))
);

CREATE TABLE prescription_template_items (
	id CHAR(32) NOT NULL, 
	template_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	medicine_id CHAR(32) NOT NULL, 
	dose TEXT NOT NULL, 
	unit TEXT NOT NULL, 
	route VARCHAR(24) NOT NULL, 
	frequency VARCHAR(24) NOT NULL, 
	duration_days INTEGER NOT NULL, 
	quantity INTEGER, 
	instructions TEXT, 
	substitution_allowed BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_prescription_template_items PRIMARY KEY (id), 
	CONSTRAINT ck_prescription_template_items_duration_positive CHECK (duration_days > 0), 
	CONSTRAINT fk_prescription_template_items_medicine_id FOREIGN KEY(medicine_id) REFERENCES medicines (id), 
	CONSTRAINT fk_prescription_template_items_template_id FOREIGN KEY(template_id) REFERENCES prescription_templates (id), 
	CONSTRAINT uq_prescription_template_items_template_id_position UNIQUE (template_id, position), 
	CONSTRAINT ck_prescription_template_items_route CHECK (route IN ('ORAL', 'SUBLINGUAL', 'TOPICAL', 'EYE', 'EAR', 'NASAL', 'INHALED', 'RECTAL', 'VAGINAL', 'IM', 'IV', 'SC', 'OTHER')), 
	CONSTRAINT ck_prescription_template_items_frequency CHECK (frequency IN ('OD', 'BD', 'TDS', 'QID', 'HS', 'Q4H', 'Q6H', 'Q8H', 'Q12H', 'ALTERNATE_DAYS', 'WEEKLY', 'STAT', 'PRN'))
);

CREATE TABLE appointment_services (
	id CHAR(32) NOT NULL, 
	appointment_id CHAR(32) NOT NULL, 
	service_id CHAR(32) NOT NULL, 
	teeth TEXT, 
	quantity INTEGER NOT NULL, 
	unit_price BIGINT NOT NULL, 
	notes TEXT, 
	completed_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_appointment_services PRIMARY KEY (id), 
	CONSTRAINT ck_appointment_services_quantity_positive CHECK (quantity > 0), 
	CONSTRAINT ck_appointment_services_price_not_negative CHECK (unit_price >= 0), 
	CONSTRAINT fk_appointment_services_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointments (id), 
	CONSTRAINT fk_appointment_services_service_id FOREIGN KEY(service_id) REFERENCES services (id)
);

CREATE TABLE visits (
	id CHAR(32) NOT NULL, 
	appointment_id CHAR(32), 
	clinic_id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	service_id CHAR(32) NOT NULL, 
	visit_type VARCHAR(24) NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	business_date DATE NOT NULL, 
	planned_at DATETIME NOT NULL, 
	check_in_time DATETIME, 
	start_time DATETIME, 
	end_time DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_visits PRIMARY KEY (id), 
	CONSTRAINT ck_visits_scheduled_has_appointment CHECK (visit_type = 'WALK_IN' OR appointment_id IS NOT NULL), 
	CONSTRAINT ck_visits_ended_was_started CHECK (end_time IS NULL OR start_time IS NOT NULL), 
	CONSTRAINT ck_visits_ends_after_start CHECK (start_time IS NULL OR end_time IS NULL OR end_time >= start_time), 
	CONSTRAINT fk_visits_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointments (id), 
	CONSTRAINT fk_visits_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_visits_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_visits_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_visits_service_id FOREIGN KEY(service_id) REFERENCES services (id), 
	CONSTRAINT ck_visits_visittype CHECK (visit_type IN ('SCHEDULED', 'WALK_IN')), 
	CONSTRAINT ck_visits_visitstatus CHECK (status IN ('SCHEDULED', 'WAITING', 'CALLED', 'IN_PROGRESS', 'PENDING_PAYMENT', 'COMPLETED', 'CANCELLED', 'LEFT'))
);

CREATE TABLE appointment_queue (
	id CHAR(32) NOT NULL, 
	visit_id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	business_date DATE NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	queue_number INTEGER NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	priority VARCHAR(24) NOT NULL, 
	room TEXT, 
	called_at DATETIME, 
	announced_at DATETIME, 
	call_count INTEGER NOT NULL, 
	skipped_at DATETIME, 
	estimated_wait_minutes INTEGER, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, held_at DATETIME, hold_reason TEXT, service_room TEXT, sent_at DATETIME CONSTRAINT ck_appointment_queue_in_a_room_while_open CHECK (service_room IS NULL OR (state = 'OPEN' AND sent_at IS NOT NULL)), last_held_at DATETIME, 
	CONSTRAINT pk_appointment_queue PRIMARY KEY (id), 
	CONSTRAINT ck_appointment_queue_calls_not_negative CHECK (call_count >= 0), 
	CONSTRAINT ck_appointment_queue_number_from_one CHECK (queue_number >= 1), 
	CONSTRAINT fk_appointment_queue_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_appointment_queue_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_appointment_queue_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_appointment_queue_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT ck_appointment_queue_queuestate CHECK (state IN ('RESERVED', 'OPEN', 'CLOSED', 'VOID')), 
	CONSTRAINT ck_appointment_queue_priority CHECK (priority IN ('EMERGENCY', 'ELDERLY', 'APPOINTMENT', 'NORMAL'))
);

CREATE TABLE appointment_status_log (
	id CHAR(32) NOT NULL, 
	visit_id CHAR(32) NOT NULL, 
	appointment_id CHAR(32), 
	subject VARCHAR(24) NOT NULL, 
	from_status VARCHAR(24), 
	to_status VARCHAR(24) NOT NULL, 
	changed_by CHAR(32), 
	changed_at DATETIME NOT NULL, 
	reason TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_appointment_status_log PRIMARY KEY (id), 
	CONSTRAINT fk_appointment_status_log_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointments (id), 
	CONSTRAINT fk_appointment_status_log_changed_by FOREIGN KEY(changed_by) REFERENCES users (id), 
	CONSTRAINT fk_appointment_status_log_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT ck_appointment_status_log_logsubject CHECK (subject IN ('APPOINTMENT', 'VISIT'))
);

CREATE TABLE consultations (
	id CHAR(32) NOT NULL, 
	visit_id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	business_date DATE NOT NULL, 
	complaint TEXT, 
	findings TEXT, 
	diagnosis TEXT, 
	treatment TEXT, 
	notes TEXT, 
	follow_up_date DATE, 
	status VARCHAR(24) NOT NULL, 
	signed_at DATETIME, 
	signed_by CHAR(32), 
	diagnoses_edition INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_consultations PRIMARY KEY (id), 
	CONSTRAINT ck_consultations_signed_has_time CHECK (status <> 'SIGNED' OR signed_at IS NOT NULL), 
	CONSTRAINT fk_consultations_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_consultations_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_consultations_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_consultations_signed_by FOREIGN KEY(signed_by) REFERENCES users (id), 
	CONSTRAINT fk_consultations_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT uq_consultations_visit_id UNIQUE (visit_id), 
	CONSTRAINT ck_consultations_consultationstatus CHECK (status IN ('DRAFT', 'SIGNED'))
);

CREATE TABLE prescriptions (
	id CHAR(32) NOT NULL, 
	number TEXT NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	visit_id CHAR(32) NOT NULL, 
	business_date DATE NOT NULL, 
	diagnosis TEXT, 
	notes TEXT, 
	follow_up_date DATE, 
	valid_until DATE NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	status_reason TEXT, 
	version INTEGER NOT NULL, 
	override_reason TEXT, 
	activated_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_prescriptions PRIMARY KEY (id), 
	CONSTRAINT ck_prescriptions_active_has_time CHECK (status IN ('DRAFT', 'CANCELLED') OR activated_at IS NOT NULL), 
	CONSTRAINT ck_prescriptions_version_positive CHECK (version >= 1), 
	CONSTRAINT fk_prescriptions_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_prescriptions_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_prescriptions_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_prescriptions_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT uq_prescriptions_number UNIQUE (number), 
	CONSTRAINT ck_prescriptions_prescriptionstatus CHECK (status IN ('DRAFT', 'ACTIVE', 'PARTIALLY_DISPENSED', 'DISPENSED', 'CANCELLED', 'EXPIRED'))
);

CREATE TABLE reviews (
	id CHAR(32) NOT NULL, 
	visit_id CHAR(32) NOT NULL, 
	appointment_id CHAR(32), 
	patient_id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	rating INTEGER NOT NULL, 
	comment TEXT, 
	is_anonymous BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_reviews PRIMARY KEY (id), 
	CONSTRAINT ck_reviews_rating_one_to_five CHECK (rating BETWEEN 1 AND 5), 
	CONSTRAINT fk_reviews_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointments (id), 
	CONSTRAINT fk_reviews_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_reviews_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_reviews_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT uq_reviews_appointment_id UNIQUE (appointment_id), 
	CONSTRAINT uq_reviews_visit_id UNIQUE (visit_id)
);

CREATE TABLE vital_signs (
	id CHAR(32) NOT NULL, 
	visit_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	height INTEGER, 
	weight INTEGER, 
	temperature INTEGER, 
	pulse INTEGER, 
	systolic INTEGER, 
	diastolic INTEGER, 
	spo2 INTEGER, 
	respiratory_rate INTEGER, 
	glucose INTEGER, 
	taken_by CHAR(32), 
	taken_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_vital_signs PRIMARY KEY (id), 
	CONSTRAINT ck_vital_signs_height_positive CHECK (height IS NULL OR height > 0), 
	CONSTRAINT ck_vital_signs_spo2_percent CHECK (spo2 IS NULL OR spo2 BETWEEN 0 AND 100), 
	CONSTRAINT ck_vital_signs_systolic_above_diastolic CHECK (systolic IS NULL OR diastolic IS NULL OR systolic > diastolic), 
	CONSTRAINT ck_vital_signs_weight_positive CHECK (weight IS NULL OR weight > 0), 
	CONSTRAINT fk_vital_signs_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_vital_signs_taken_by FOREIGN KEY(taken_by) REFERENCES users (id), 
	CONSTRAINT fk_vital_signs_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id)
);

CREATE TABLE consultation_addenda (
	id CHAR(32) NOT NULL, 
	consultation_id CHAR(32) NOT NULL, 
	text TEXT NOT NULL, 
	written_by CHAR(32), 
	written_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_consultation_addenda PRIMARY KEY (id), 
	CONSTRAINT fk_consultation_addenda_consultation_id FOREIGN KEY(consultation_id) REFERENCES consultations (id), 
	CONSTRAINT fk_consultation_addenda_written_by FOREIGN KEY(written_by) REFERENCES users (id)
);

CREATE TABLE consultation_diagnoses (
	id CHAR(32) NOT NULL, 
	consultation_id CHAR(32) NOT NULL, 
	code_system TEXT NOT NULL, 
	code TEXT NOT NULL, 
	text TEXT NOT NULL, 
	certainty VARCHAR(24) NOT NULL, 
	removed_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_consultation_diagnoses PRIMARY KEY (id), 
	CONSTRAINT fk_consultation_diagnoses_consultation_id FOREIGN KEY(consultation_id) REFERENCES consultations (id), 
	CONSTRAINT ck_consultation_diagnoses_certainty CHECK (certainty IN ('SUSPECTED', 'CONFIRMED', 'RULED_OUT'))
);

CREATE TABLE pharmacy_dispensing (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	location_id CHAR(32) NOT NULL, 
	prescription_id CHAR(32), 
	visit_id CHAR(32), 
	patient_id CHAR(32), 
	status VARCHAR(24) NOT NULL, 
	total BIGINT NOT NULL, 
	override_reason TEXT, 
	business_date DATE NOT NULL, 
	dispensed_by CHAR(32), 
	dispensed_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_pharmacy_dispensing PRIMARY KEY (id), 
	CONSTRAINT ck_pharmacy_dispensing_total_not_negative CHECK (total >= 0), 
	CONSTRAINT fk_pharmacy_dispensing_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_pharmacy_dispensing_dispensed_by FOREIGN KEY(dispensed_by) REFERENCES users (id), 
	CONSTRAINT fk_pharmacy_dispensing_location_id FOREIGN KEY(location_id) REFERENCES stock_locations (id), 
	CONSTRAINT fk_pharmacy_dispensing_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_pharmacy_dispensing_prescription_id FOREIGN KEY(prescription_id) REFERENCES prescriptions (id), 
	CONSTRAINT fk_pharmacy_dispensing_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT ck_pharmacy_dispensing_dispensingstatus CHECK (status IN ('DISPENSED', 'PARTIALLY_RETURNED', 'RETURNED'))
);

CREATE TABLE prescription_items (
	id CHAR(32) NOT NULL, 
	prescription_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	medicine_id CHAR(32) NOT NULL, 
	dose TEXT NOT NULL, 
	unit TEXT NOT NULL, 
	route VARCHAR(24) NOT NULL, 
	frequency VARCHAR(24) NOT NULL, 
	duration_days INTEGER NOT NULL, 
	quantity INTEGER NOT NULL, 
	quantity_dispensed INTEGER NOT NULL, 
	instructions TEXT, 
	substitution_allowed BOOLEAN NOT NULL, 
	removed_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_prescription_items PRIMARY KEY (id), 
	CONSTRAINT ck_prescription_items_duration_positive CHECK (duration_days > 0), 
	CONSTRAINT ck_prescription_items_quantity_positive CHECK (quantity > 0), 
	CONSTRAINT ck_prescription_items_dispensed_not_negative CHECK (quantity_dispensed >= 0), 
	CONSTRAINT fk_prescription_items_medicine_id FOREIGN KEY(medicine_id) REFERENCES medicines (id), 
	CONSTRAINT fk_prescription_items_prescription_id FOREIGN KEY(prescription_id) REFERENCES prescriptions (id), 
	CONSTRAINT ck_prescription_items_route CHECK (route IN ('ORAL', 'SUBLINGUAL', 'TOPICAL', 'EYE', 'EAR', 'NASAL', 'INHALED', 'RECTAL', 'VAGINAL', 'IM', 'IV', 'SC', 'OTHER')), 
	CONSTRAINT ck_prescription_items_frequency CHECK (frequency IN ('OD', 'BD', 'TDS', 'QID', 'HS', 'Q4H', 'Q6H', 'Q8H', 'Q12H', 'ALTERNATE_DAYS', 'WEEKLY', 'STAT', 'PRN'))
);

CREATE TABLE prescription_versions (
	id CHAR(32) NOT NULL, 
	prescription_id CHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	snapshot TEXT NOT NULL, 
	reason TEXT, 
	made_by CHAR(32), 
	made_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_prescription_versions PRIMARY KEY (id), 
	CONSTRAINT fk_prescription_versions_made_by FOREIGN KEY(made_by) REFERENCES users (id), 
	CONSTRAINT fk_prescription_versions_prescription_id FOREIGN KEY(prescription_id) REFERENCES prescriptions (id), 
	CONSTRAINT uq_prescription_versions_prescription_id_version UNIQUE (prescription_id, version)
);

CREATE TABLE pharmacy_dispensing_items (
	id CHAR(32) NOT NULL, 
	dispensing_id CHAR(32) NOT NULL, 
	prescription_item_id CHAR(32), 
	item_id CHAR(32) NOT NULL, 
	batch_id CHAR(32) NOT NULL, 
	quantity INTEGER NOT NULL, 
	quantity_returned INTEGER NOT NULL, 
	unit_price BIGINT NOT NULL, 
	total BIGINT NOT NULL, 
	batch_reason TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_pharmacy_dispensing_items PRIMARY KEY (id), 
	CONSTRAINT ck_pharmacy_dispensing_items_quantity_positive CHECK (quantity > 0), 
	CONSTRAINT ck_pharmacy_dispensing_items_returned_within_quantity CHECK (quantity_returned BETWEEN 0 AND quantity), 
	CONSTRAINT ck_pharmacy_dispensing_items_unit_price_not_negative CHECK (unit_price >= 0), 
	CONSTRAINT fk_pharmacy_dispensing_items_batch_id FOREIGN KEY(batch_id) REFERENCES medicine_batches (id), 
	CONSTRAINT fk_pharmacy_dispensing_items_dispensing_id FOREIGN KEY(dispensing_id) REFERENCES pharmacy_dispensing (id), 
	CONSTRAINT fk_pharmacy_dispensing_items_item_id FOREIGN KEY(item_id) REFERENCES inventory_items (id), 
	CONSTRAINT fk_pharmacy_dispensing_items_prescription_item_id FOREIGN KEY(prescription_item_id) REFERENCES prescription_items (id)
);

CREATE TABLE pharmacy_returns (
	id CHAR(32) NOT NULL, 
	dispensing_id CHAR(32) NOT NULL, 
	reason TEXT NOT NULL, 
	refund BIGINT NOT NULL, 
	business_date DATE NOT NULL, 
	returned_by CHAR(32), 
	returned_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_pharmacy_returns PRIMARY KEY (id), 
	CONSTRAINT ck_pharmacy_returns_refund_not_negative CHECK (refund >= 0), 
	CONSTRAINT fk_pharmacy_returns_dispensing_id FOREIGN KEY(dispensing_id) REFERENCES pharmacy_dispensing (id), 
	CONSTRAINT fk_pharmacy_returns_returned_by FOREIGN KEY(returned_by) REFERENCES users (id)
);

CREATE TABLE pharmacy_return_items (
	id CHAR(32) NOT NULL, 
	return_id CHAR(32) NOT NULL, 
	dispensing_item_id CHAR(32) NOT NULL, 
	batch_id CHAR(32) NOT NULL, 
	quantity INTEGER NOT NULL, 
	amount BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_pharmacy_return_items PRIMARY KEY (id), 
	CONSTRAINT ck_pharmacy_return_items_quantity_positive CHECK (quantity > 0), 
	CONSTRAINT fk_pharmacy_return_items_batch_id FOREIGN KEY(batch_id) REFERENCES medicine_batches (id), 
	CONSTRAINT fk_pharmacy_return_items_dispensing_item_id FOREIGN KEY(dispensing_item_id) REFERENCES pharmacy_dispensing_items (id), 
	CONSTRAINT fk_pharmacy_return_items_return_id FOREIGN KEY(return_id) REFERENCES pharmacy_returns (id)
);

CREATE TABLE drafts (
	user_id CHAR(32) NOT NULL, 
	screen TEXT NOT NULL, 
	body TEXT, 
	is_open BOOLEAN NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_drafts PRIMARY KEY (user_id, screen), 
	CONSTRAINT ck_drafts_says_something CHECK (body IS NOT NULL OR is_open), 
	CONSTRAINT fk_drafts_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE TABLE key_vault (
	id INTEGER NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_key_vault PRIMARY KEY (id)
);

CREATE TABLE document_blobs (
	sha256 TEXT NOT NULL, 
	content BLOB NOT NULL, put_at DATETIME, 
	CONSTRAINT pk_document_blobs PRIMARY KEY (sha256)
);

CREATE TABLE access_stamp (
	id INTEGER NOT NULL, 
	stamp BIGINT NOT NULL, 
	CONSTRAINT pk_access_stamp PRIMARY KEY (id)
);

CREATE TABLE session_sightings (
	session_id CHAR(32) NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_session_sightings PRIMARY KEY (session_id), 
	CONSTRAINT fk_session_sightings_session_id FOREIGN KEY(session_id) REFERENCES refresh_tokens (id)
);

CREATE TABLE notification_queue (
	id CHAR(32) NOT NULL, 
	channel VARCHAR(24) NOT NULL, 
	topic TEXT NOT NULL, 
	recipient TEXT NOT NULL, 
	payload TEXT, 
	status VARCHAR(24) NOT NULL, 
	retry_count INTEGER NOT NULL, 
	max_attempts INTEGER NOT NULL, 
	next_attempt_at DATETIME NOT NULL, 
	not_after DATETIME, 
	sent_at DATETIME, 
	last_error TEXT, 
	provider_id TEXT, 
	idempotency_key TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, patient_id CHAR(32) CONSTRAINT fk_notification_queue_patient_id REFERENCES patients (id), appointment_id CHAR(32) CONSTRAINT fk_notification_queue_appointment_id REFERENCES appointments (id), about TEXT, not_before DATETIME CONSTRAINT ck_notification_queue_told_by_people CHECK (channel IN ('EMAIL', 'SMS') OR status IN ('SENT', 'WITHDRAWN')), 
	CONSTRAINT pk_notification_queue PRIMARY KEY (id), 
	CONSTRAINT ck_notification_queue_attempts_bounded CHECK (retry_count BETWEEN 0 AND max_attempts), 
	CONSTRAINT ck_notification_queue_sent_when CHECK ((status = 'SENT') = (sent_at IS NOT NULL)), 
	CONSTRAINT uq_notification_queue_idempotency_key UNIQUE (idempotency_key), 
	CONSTRAINT ck_notification_queue_channel CHECK (channel IN ('EMAIL', 'SMS', 'PHONE', 'PAPER')), 
	CONSTRAINT ck_notification_queue_messagestatus CHECK (status IN ('QUEUED', 'SENDING', 'SENT', 'FAILED', 'DEAD', 'WITHDRAWN'))
);

CREATE TABLE channel_secrets (
	id CHAR(32) NOT NULL, 
	channel VARCHAR(24) NOT NULL, 
	sealed BLOB, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_channel_secrets PRIMARY KEY (id), 
	CONSTRAINT uq_channel_secrets_channel UNIQUE (channel), 
	CONSTRAINT ck_channel_secrets_channel CHECK (channel IN ('EMAIL', 'SMS', 'PHONE', 'PAPER'))
);

CREATE TABLE journal_secrets (
	seq BIGINT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	field TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_journal_secrets PRIMARY KEY (seq, ordinal, field)
);

CREATE TABLE backups (
	id CHAR(32) NOT NULL, 
	folder TEXT NOT NULL, 
	file TEXT, 
	reason VARCHAR(24) NOT NULL, 
	workstation_id CHAR(32), 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	verified_at DATETIME, 
	seq BIGINT, 
	row_count BIGINT, 
	byte_count BIGINT, 
	error TEXT, 
	removed_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_backups PRIMARY KEY (id), 
	CONSTRAINT ck_backups_verified_file CHECK (verified_at IS NULL OR (file IS NOT NULL AND seq IS NOT NULL)), 
	CONSTRAINT fk_backups_workstation_id FOREIGN KEY(workstation_id) REFERENCES workstations (id), 
	CONSTRAINT ck_backups_backupreason CHECK (reason IN ('SCHEDULED', 'MANUAL', 'BEFORE_RESTORE', 'BEFORE_MIGRATION'))
);

CREATE TABLE archives (
	id CHAR(32) NOT NULL, 
	file_name TEXT NOT NULL, 
	file_sha256 TEXT NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	as_of DATE NOT NULL, 
	made_at DATETIME NOT NULL, 
	row_count BIGINT NOT NULL, 
	contents TEXT NOT NULL, 
	file_key BLOB, 
	first_seq BIGINT, 
	last_seq BIGINT, 
	last_hash TEXT, 
	last_at DATETIME, 
	verified_at DATETIME NOT NULL, 
	chain TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_archives PRIMARY KEY (id), 
	CONSTRAINT ck_archives_journal_part_has_hash CHECK ((last_seq IS NULL) = (last_hash IS NULL)), 
	CONSTRAINT ck_archives_journal_part_in_order CHECK (last_seq IS NULL OR first_seq <= last_seq), 
	CONSTRAINT uq_archives_file_name UNIQUE (file_name)
);

CREATE TABLE record_openings (
	id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	reason TEXT NOT NULL, 
	opened_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	reviewed_by CHAR(32), 
	reviewed_at DATETIME, 
	review_note TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_record_openings PRIMARY KEY (id), 
	CONSTRAINT ck_record_openings_expires_later CHECK (expires_at > opened_at), 
	CONSTRAINT ck_record_openings_reviewed_by_someone CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL)), 
	CONSTRAINT ck_record_openings_second_person CHECK (reviewed_by IS NULL OR reviewed_by <> user_id), 
	CONSTRAINT fk_record_openings_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_record_openings_reviewed_by FOREIGN KEY(reviewed_by) REFERENCES users (id), 
	CONSTRAINT fk_record_openings_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE TABLE privacy_requests (
	id CHAR(32) NOT NULL, 
	number TEXT NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	asked_by TEXT NOT NULL, 
	identity_check VARCHAR(24) NOT NULL, 
	identity_note TEXT, 
	reason TEXT, 
	requested_at DATETIME NOT NULL, 
	recorded_by CHAR(32), 
	decided_by CHAR(32), 
	decided_at DATETIME, 
	decision_note TEXT, 
	done_at DATETIME, 
	next_due DATE, 
	outcome TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_privacy_requests PRIMARY KEY (id), 
	CONSTRAINT ck_privacy_requests_decided_when_decided CHECK ((decided_at IS NOT NULL) = (status = 'REFUSED' OR (kind = 'ERASURE' AND status = 'DONE'))), 
	CONSTRAINT ck_privacy_requests_done_has_time CHECK ((done_at IS NULL) = (status <> 'DONE')), 
	CONSTRAINT ck_privacy_requests_second_person CHECK (kind <> 'ERASURE' OR decided_by IS NULL OR decided_by <> recorded_by), 
	CONSTRAINT fk_privacy_requests_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_privacy_requests_decided_by FOREIGN KEY(decided_by) REFERENCES users (id), 
	CONSTRAINT fk_privacy_requests_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_privacy_requests_recorded_by FOREIGN KEY(recorded_by) REFERENCES users (id), 
	CONSTRAINT uq_privacy_requests_number UNIQUE (number), 
	CONSTRAINT ck_privacy_requests_requestkind CHECK (kind IN ('EXPORT', 'ERASURE')), 
	CONSTRAINT ck_privacy_requests_requeststatus CHECK (status IN ('OPEN', 'REFUSED', 'DONE')), 
	CONSTRAINT ck_privacy_requests_identitycheck CHECK (identity_check IN ('DOCUMENT', 'KNOWN', 'PHONE', 'GUARDIAN'))
);

CREATE TABLE number_formats (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	kind TEXT NOT NULL, 
	prefix TEXT NOT NULL, 
	width INTEGER NOT NULL, 
	reset VARCHAR(24) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_number_formats PRIMARY KEY (id), 
	CONSTRAINT ck_number_formats_width_sensible CHECK (width BETWEEN 1 AND 12), 
	CONSTRAINT fk_number_formats_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT uq_number_formats_clinic_id_kind UNIQUE (clinic_id, kind), 
	CONSTRAINT ck_number_formats_reset CHECK (reset IN ('YEARLY', 'DAILY', 'NEVER'))
);

CREATE TABLE former_number_formats (
	id CHAR(32) NOT NULL, 
	id_sequence_id CHAR(32) NOT NULL, 
	last_number INTEGER NOT NULL, 
	prefix TEXT NOT NULL, 
	width INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_former_number_formats PRIMARY KEY (id), 
	CONSTRAINT fk_former_number_formats_id_sequence_id FOREIGN KEY(id_sequence_id) REFERENCES id_sequences (id), 
	CONSTRAINT uq_former_number_formats_id_sequence_id_last_number UNIQUE (id_sequence_id, last_number)
);

CREATE TABLE journal_origins (
	seq BIGINT NOT NULL, 
	site_id CHAR(32) NOT NULL, 
	database_id CHAR(32) NOT NULL, 
	origin_seq BIGINT NOT NULL, 
	origin_hlc BIGINT NOT NULL, 
	origin_hash BLOB NOT NULL, 
	CONSTRAINT pk_journal_origins PRIMARY KEY (seq)
);

CREATE TABLE sync_link (
	id INTEGER NOT NULL, 
	address TEXT, 
	pin BLOB, 
	sealed_key BLOB, 
	central_id CHAR(32), 
	pushed_seq BIGINT NOT NULL, 
	pushed_hash BLOB NOT NULL, 
	echoed_seq BIGINT NOT NULL, 
	pulled_seq BIGINT NOT NULL, 
	pulled_hash BLOB NOT NULL, 
	loads_from BIGINT, 
	last_contact_at DATETIME, 
	last_synced_at DATETIME, 
	proved_at DATETIME, 
	last_error TEXT, 
	runner_id CHAR(32), 
	runner_until DATETIME, peer_id CHAR(32), series TEXT, detached_at DATETIME, proving_since DATETIME, proving_table TEXT, proving_after CHAR(32), proving_differs BOOLEAN DEFAULT FALSE NOT NULL, 
	CONSTRAINT pk_sync_link PRIMARY KEY (id)
);

CREATE TABLE sync_parked (
	id CHAR(32) NOT NULL, 
	site_id CHAR(32) NOT NULL, 
	database_id CHAR(32) NOT NULL, 
	origin_seq BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	body BLOB NOT NULL, 
	parked_at DATETIME NOT NULL, 
	resolved_at DATETIME, 
	resolution TEXT, 
	CONSTRAINT pk_sync_parked PRIMARY KEY (id)
);

CREATE TABLE sync_parked_rows (
	parked_id CHAR(32) NOT NULL, 
	entity_type TEXT NOT NULL, 
	entity_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_sync_parked_rows PRIMARY KEY (parked_id, entity_type, entity_id)
);

CREATE TABLE sync_load_pages (
	table_name TEXT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	through_key CHAR(32), 
	head_seq BIGINT NOT NULL, 
	CONSTRAINT pk_sync_load_pages PRIMARY KEY (table_name, ordinal)
);

CREATE TABLE sync_documents (
	sha256 TEXT NOT NULL, 
	is_fetched BOOLEAN NOT NULL, 
	tries INTEGER NOT NULL, 
	CONSTRAINT pk_sync_documents PRIMARY KEY (sha256)
);

CREATE TABLE sync_document_parts (
	sha256 TEXT NOT NULL, 
	"offset" BIGINT NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_sync_document_parts PRIMARY KEY (sha256, "offset")
);

CREATE TABLE sync_tombstones (
	entity_type TEXT NOT NULL, 
	entity_id CHAR(32) NOT NULL, 
	seq BIGINT NOT NULL, 
	hlc BIGINT NOT NULL, 
	site_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_sync_tombstones PRIMARY KEY (entity_type, entity_id)
);

CREATE TABLE sync_taken (
	database_id CHAR(32) NOT NULL, 
	site_id CHAR(32) NOT NULL, 
	taken_seq BIGINT NOT NULL, 
	taken_hash BLOB NOT NULL, 
	conflicts BIGINT NOT NULL, 
	read_seq BIGINT NOT NULL, 
	head_seq BIGINT NOT NULL, 
	revision TEXT, 
	last_contact_at DATETIME, 
	last_pushed_at DATETIME, 
	is_former BOOLEAN NOT NULL, 
	CONSTRAINT pk_sync_taken PRIMARY KEY (database_id)
);

CREATE TABLE sites (
	id CHAR(32) NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	keeps_shared_data BOOLEAN NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_sites PRIMARY KEY (id), 
	CONSTRAINT ck_sites_code_is_short_capital CHECK (length(code) BETWEEN 2 AND 5 AND code = upper(code)), 
	CONSTRAINT uq_sites_code UNIQUE (code)
);

CREATE TABLE sync_conflicts (
	id CHAR(32) NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	entity_type TEXT NOT NULL, 
	entity_id CHAR(32) NOT NULL, 
	field TEXT, 
	patient_id CHAR(32), 
	kept_value TEXT, 
	kept_by TEXT, 
	kept_site_id CHAR(32), 
	kept_at DATETIME, 
	other_value TEXT, 
	other_by TEXT, 
	other_site_id CHAR(32), 
	other_at DATETIME, 
	owner_site_id CHAR(32), 
	detected_at DATETIME NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	decision VARCHAR(24), 
	decided_by CHAR(32), 
	decided_at DATETIME, 
	note TEXT, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_sync_conflicts PRIMARY KEY (id), 
	CONSTRAINT ck_sync_conflicts_decided_when_decided CHECK ((status = 'DECIDED') = (decision IS NOT NULL) AND (status = 'DECIDED') = (decided_at IS NOT NULL)), 
	CONSTRAINT ck_sync_conflicts_field_named CHECK (kind <> 'FIELD' OR field IS NOT NULL), 
	CONSTRAINT fk_sync_conflicts_decided_by FOREIGN KEY(decided_by) REFERENCES users (id), 
	CONSTRAINT fk_sync_conflicts_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT ck_sync_conflicts_conflictkind CHECK (kind IN ('FIELD', 'DELETED', 'DOUBLE_BOOKING', 'OVERPAID', 'OVERDISPENSED', 'CLASH', 'MERGE_CYCLE', 'OVERSOLD')), 
	CONSTRAINT ck_sync_conflicts_conflictstatus CHECK (status IN ('OPEN', 'DECIDED')), 
	CONSTRAINT ck_sync_conflicts_decision CHECK (decision IN ('KEPT', 'OTHER', 'DONE'))
);

CREATE TABLE wallet_transactions (
	id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	sequence INTEGER NOT NULL, 
	type VARCHAR(24) NOT NULL, 
	amount BIGINT NOT NULL, 
	balance_after BIGINT NOT NULL, 
	description TEXT, 
	appointment_id CHAR(32), 
	invoice_id CHAR(32), 
	created_by CHAR(32), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_wallet_transactions PRIMARY KEY (id), 
	CONSTRAINT ck_wallet_transactions_amount_positive CHECK (amount > 0), 
	CONSTRAINT ck_wallet_transactions_balance_not_negative CHECK (balance_after >= 0), 
	CONSTRAINT ck_wallet_transactions_sequence_positive CHECK (sequence > 0), 
	CONSTRAINT fk_wallet_transactions_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointments (id), 
	CONSTRAINT fk_wallet_transactions_created_by FOREIGN KEY(created_by) REFERENCES users (id), 
	CONSTRAINT fk_wallet_transactions_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoices (id), 
	CONSTRAINT fk_wallet_transactions_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_wallet_transactions_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT uq_wallet_transactions_patient_id_clinic_id_sequence UNIQUE (patient_id, clinic_id, sequence), 
	CONSTRAINT ck_wallet_transactions_walletkind CHECK (type IN ('deposit', 'withdrawal', 'payment', 'refund'))
);

CREATE TABLE sync_peers (
	site_id CHAR(32) NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	keeps_shared_data BOOLEAN NOT NULL, 
	database_id CHAR(32) NOT NULL, 
	public_key BLOB NOT NULL, 
	clinics TEXT NOT NULL, 
	program TEXT NOT NULL, 
	revision TEXT NOT NULL, 
	enrolled_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	revoked_reason TEXT, is_replica BOOLEAN DEFAULT FALSE NOT NULL, detached_at DATETIME, 
	CONSTRAINT pk_sync_peers PRIMARY KEY (site_id), 
	CONSTRAINT uq_sync_peers_code UNIQUE (code)
);

CREATE TABLE sync_enrolment_codes (
	id CHAR(32) NOT NULL, 
	hash BLOB NOT NULL, 
	site_code TEXT NOT NULL, 
	site_name TEXT NOT NULL, 
	keeps_shared_data BOOLEAN NOT NULL, 
	again BOOLEAN NOT NULL, 
	made_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	withdrawn_at DATETIME, is_replica BOOLEAN DEFAULT FALSE NOT NULL, 
	CONSTRAINT pk_sync_enrolment_codes PRIMARY KEY (id), 
	CONSTRAINT uq_sync_enrolment_codes_hash UNIQUE (hash)
);

CREATE TABLE sync_spent_challenges (
	challenge BLOB NOT NULL, 
	spent_at DATETIME NOT NULL, 
	CONSTRAINT pk_sync_spent_challenges PRIMARY KEY (challenge)
);

CREATE TABLE sync_tries (
	door TEXT NOT NULL, 
	address TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	last_at DATETIME NOT NULL, 
	locked_until DATETIME, 
	CONSTRAINT pk_sync_tries PRIMARY KEY (door, address)
);

CREATE TABLE central_operator (
	id INTEGER NOT NULL, 
	password_hash TEXT NOT NULL, 
	metrics_hash BLOB NOT NULL, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_central_operator PRIMARY KEY (id)
);

CREATE TABLE central_sessions (
	hash BLOB NOT NULL, 
	form_token TEXT NOT NULL, 
	begun_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	address TEXT NOT NULL, 
	CONSTRAINT pk_central_sessions PRIMARY KEY (hash)
);

CREATE TABLE sync_service (
	id INTEGER NOT NULL, 
	port INTEGER NOT NULL, 
	pin BLOB NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_sync_service PRIMARY KEY (id)
);

CREATE TABLE sync_contacts (
	site_id CHAR(32) NOT NULL, 
	fence INTEGER NOT NULL, 
	last_token_at DATETIME, 
	compared_at DATETIME, 
	differed_at DATETIME, 
	CONSTRAINT pk_sync_contacts PRIMARY KEY (site_id)
);

CREATE TABLE server_certificates (
	id CHAR(32) NOT NULL, 
	hosts TEXT NOT NULL, 
	authority TEXT NOT NULL, 
	authority_key TEXT NOT NULL, 
	certificate TEXT NOT NULL, 
	certificate_key TEXT NOT NULL, 
	CONSTRAINT pk_server_certificates PRIMARY KEY (id)
);

CREATE TABLE backup_service (
	id INTEGER NOT NULL, 
	until DATETIME NOT NULL, 
	folders TEXT NOT NULL, 
	workstation_id CHAR(32), 
	CONSTRAINT pk_backup_service PRIMARY KEY (id)
);

CREATE TABLE name_words (
	word TEXT NOT NULL, 
	sound TEXT NOT NULL, 
	CONSTRAINT pk_name_words PRIMARY KEY (word)
);

CREATE TABLE name_word_keys (
	"key" TEXT NOT NULL, 
	word TEXT NOT NULL, 
	CONSTRAINT pk_name_word_keys PRIMARY KEY ("key", word)
);

CREATE TABLE doctor_ratings (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	total_reviews INTEGER NOT NULL, 
	rating_sum INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_doctor_ratings PRIMARY KEY (id), 
	CONSTRAINT ck_doctor_ratings_sum_of_one_to_five CHECK (rating_sum BETWEEN total_reviews AND 5 * total_reviews), 
	CONSTRAINT fk_doctor_ratings_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_doctor_ratings_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT uq_doctor_ratings_clinic_id_doctor_id UNIQUE (clinic_id, doctor_id)
);

CREATE TABLE kiosk_tries (
	workstation_id CHAR(32) NOT NULL, 
	misses INTEGER NOT NULL, 
	missed_at DATETIME NOT NULL, 
	CONSTRAINT pk_kiosk_tries PRIMARY KEY (workstation_id), 
	CONSTRAINT fk_kiosk_tries_workstation_id FOREIGN KEY(workstation_id) REFERENCES workstations (id)
);

CREATE TABLE card_templates (
	id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	layout TEXT NOT NULL, 
	is_default BOOLEAN NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_card_templates PRIMARY KEY (id), 
	CONSTRAINT ck_card_templates_name_given CHECK (length(name) > 0), 
	CONSTRAINT ck_card_templates_version_from_one CHECK (version > 0), 
	CONSTRAINT ck_card_templates_default_in_use CHECK (is_active OR NOT is_default), 
	CONSTRAINT uq_card_templates_name_version UNIQUE (name, version)
);

CREATE TABLE waiting_list (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	patient_id CHAR(32) NOT NULL, 
	doctor_id CHAR(32), 
	service_id CHAR(32) NOT NULL, 
	first_day DATE NOT NULL, 
	last_day DATE NOT NULL, 
	day_part VARCHAR(24) NOT NULL, 
	is_urgent BOOLEAN NOT NULL, 
	note TEXT, 
	status VARCHAR(24) NOT NULL, 
	offered_doctor_id CHAR(32), 
	offered_start DATETIME, 
	offered_until DATETIME, 
	appointment_id CHAR(32), 
	created_by CHAR(32), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_waiting_list PRIMARY KEY (id), 
	CONSTRAINT ck_waiting_list_days_in_order CHECK (last_day >= first_day), 
	CONSTRAINT ck_waiting_list_offer_is_of_a_place CHECK (status <> 'OFFERED' OR (offered_start IS NOT NULL AND offered_until IS NOT NULL)), 
	CONSTRAINT ck_waiting_list_offer_is_whole CHECK ((offered_start IS NULL) = (offered_doctor_id IS NULL)), 
	CONSTRAINT ck_waiting_list_booked_has_appointment CHECK ((status = 'BOOKED') = (appointment_id IS NOT NULL)), 
	CONSTRAINT fk_waiting_list_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_waiting_list_patient_id FOREIGN KEY(patient_id) REFERENCES patients (id), 
	CONSTRAINT fk_waiting_list_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_waiting_list_service_id FOREIGN KEY(service_id) REFERENCES services (id), 
	CONSTRAINT fk_waiting_list_offered_doctor_id FOREIGN KEY(offered_doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_waiting_list_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointments (id), 
	CONSTRAINT fk_waiting_list_created_by FOREIGN KEY(created_by) REFERENCES users (id), 
	CONSTRAINT ck_waiting_list_daypart CHECK (day_part IN ('ANY', 'MORNING', 'AFTERNOON', 'EVENING')), 
	CONSTRAINT ck_waiting_list_waitingstatus CHECK (status IN ('WAITING', 'OFFERED', 'BOOKED', 'EXPIRED', 'WITHDRAWN'))
);

CREATE TABLE doctor_delays (
	id CHAR(32) NOT NULL, 
	clinic_id CHAR(32) NOT NULL, 
	business_date DATE NOT NULL, 
	doctor_id CHAR(32) NOT NULL, 
	minutes INTEGER NOT NULL, 
	late_until DATETIME NOT NULL, 
	said_by CHAR(32), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_doctor_delays PRIMARY KEY (id), 
	CONSTRAINT ck_doctor_delays_minutes_sensible CHECK (minutes BETWEEN 0 AND 600), 
	CONSTRAINT fk_doctor_delays_clinic_id FOREIGN KEY(clinic_id) REFERENCES clinics (id), 
	CONSTRAINT fk_doctor_delays_doctor_id FOREIGN KEY(doctor_id) REFERENCES doctors (id), 
	CONSTRAINT fk_doctor_delays_said_by FOREIGN KEY(said_by) REFERENCES users (id), 
	CONSTRAINT uq_doctor_delays_clinic_id_business_date_doctor_id UNIQUE (clinic_id, business_date, doctor_id)
);

CREATE TABLE consent_templates (
	id CHAR(32) NOT NULL, 
	type VARCHAR(24) NOT NULL, 
	language TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	body TEXT NOT NULL, 
	valid_from DATE NOT NULL, 
	is_draft BOOLEAN NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	written_by CHAR(32), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_consent_templates PRIMARY KEY (id), 
	CONSTRAINT ck_consent_templates_version_counts_from_one CHECK (version > 0), 
	CONSTRAINT ck_consent_templates_text_given CHECK (length(title) > 0 AND length(body) > 0), 
	CONSTRAINT ck_consent_templates_language_code CHECK (length(language) BETWEEN 2 AND 8), 
	CONSTRAINT fk_consent_templates_written_by FOREIGN KEY(written_by) REFERENCES users (id), 
	CONSTRAINT uq_consent_templates_type_language_version UNIQUE (type, language, version), 
	CONSTRAINT ck_consent_templates_consenttype CHECK (type IN ('TREATMENT', 'DATA_PROCESSING', 'MESSAGES', 'PHOTOGRAPHS', 'RESEARCH'))
);

CREATE TABLE notification_templates (
	id CHAR(32) NOT NULL, 
	event VARCHAR(24) NOT NULL, 
	channel VARCHAR(24) NOT NULL, 
	language TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	body TEXT NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	written_by CHAR(32), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_notification_templates PRIMARY KEY (id), 
	CONSTRAINT ck_notification_templates_version_from_one CHECK (version >= 1), 
	CONSTRAINT ck_notification_templates_body_given CHECK (length(body) > 0), 
	CONSTRAINT ck_notification_templates_mail_has_subject CHECK (channel <> 'EMAIL' OR length(subject) > 0), 
	CONSTRAINT fk_notification_templates_written_by FOREIGN KEY(written_by) REFERENCES users (id), 
	CONSTRAINT uq_notification_templates_event_channel_language_version UNIQUE (event, channel, language, version), 
	CONSTRAINT ck_notification_templates_notice CHECK (event IN ('BOOKED', 'REMINDER', 'REMINDER_SOON', 'MOVED', 'CALLED_OFF', 'PLACE_OFFERED', 'DOCTOR_LATE', 'FOLLOW_UP_DUE')), 
	CONSTRAINT ck_notification_templates_channel CHECK (channel IN ('EMAIL', 'SMS', 'PHONE', 'PAPER'))
);

CREATE VIRTUAL TABLE patient_search_words USING fts5(search_text, content='patients', content_rowid='search_key', columnsize=0, detail=none, tokenize='ascii');

INSERT INTO access_stamp (id, stamp) VALUES (1, 1);

INSERT INTO alembic_version (version_num) VALUES ('0033');

INSERT INTO database_identity (database_id, site_id, site_code, currency, restored_from) VALUES ('{database_id}', '{site_id}', NULL, NULL, NULL);

INSERT INTO journal_head (id, seq, hash, hlc) VALUES (1, 0, X'0000000000000000000000000000000000000000000000000000000000000000', 0);

CREATE INDEX ix_audit_logs_entity ON audit_logs (entity_type, entity_id, seq);

CREATE INDEX ix_journal_actor ON journal (actor_id, seq);

CREATE TRIGGER audit_logs_no_update BEFORE UPDATE ON audit_logs BEGIN SELECT RAISE(ABORT, 'append-only table audit_logs'); END;

CREATE TRIGGER audit_logs_no_delete BEFORE DELETE ON audit_logs BEGIN SELECT RAISE(ABORT, 'append-only table audit_logs'); END;

CREATE TRIGGER audit_logs_no_replace BEFORE INSERT ON audit_logs WHEN EXISTS (SELECT 1 FROM audit_logs WHERE seq = NEW.seq AND ordinal = NEW.ordinal) BEGIN SELECT RAISE(ABORT, 'append-only table audit_logs'); END;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'append-only table journal'); END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'append-only table journal'); END;

CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal WHEN EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'append-only table journal'); END;

CREATE INDEX ix_users_status_full_name ON users (status, full_name);

CREATE INDEX ix_hospitals_logo_document_id ON hospitals (logo_document_id);

CREATE INDEX ix_password_resets_issued_by_id ON password_resets (issued_by_id);

CREATE INDEX ix_password_resets_user_expires ON password_resets (user_id, expires_at);

CREATE INDEX ix_role_permissions_permission_id ON role_permissions (permission_id);

CREATE INDEX ix_user_roles_role_id ON user_roles (role_id);

CREATE INDEX ix_clinics_hospital_id ON clinics (hospital_id);

CREATE UNIQUE INDEX uq_clinics_main ON clinics (hospital_id) WHERE is_main;

CREATE INDEX ix_departments_head_doctor_id ON departments (head_doctor_id);

CREATE INDEX ix_holidays_day ON holidays (day);

CREATE INDEX ix_holidays_hospital_id ON holidays (hospital_id);

CREATE UNIQUE INDEX uq_holidays_hospital_day ON holidays (hospital_id, day) WHERE clinic_id IS NULL;

CREATE INDEX ix_id_sequences_clinic_id ON id_sequences (clinic_id);

CREATE INDEX ix_hospital_settings_hospital_id ON hospital_settings (hospital_id);

CREATE INDEX ix_hospital_settings_key ON hospital_settings ("key");

CREATE UNIQUE INDEX uq_hospital_settings_clinic ON hospital_settings (clinic_id, "key");

CREATE UNIQUE INDEX uq_hospital_settings_hospital ON hospital_settings (hospital_id, "key") WHERE scope = 'HOSPITAL';

CREATE UNIQUE INDEX uq_hospital_settings_workstation ON hospital_settings (workstation_id, "key");

CREATE INDEX ix_otp_verifications_patient_purpose ON otp_verifications (patient_id, purpose, expires_at);

CREATE INDEX ix_otp_verifications_user_purpose ON otp_verifications (user_id, purpose, expires_at);

CREATE INDEX ix_refresh_tokens_user_revoked ON refresh_tokens (user_id, revoked_at);

CREATE INDEX ix_refresh_tokens_workstation_id ON refresh_tokens (workstation_id);

CREATE INDEX ix_doctors_department_id ON doctors (department_id);

CREATE INDEX ix_doctors_specialty_id ON doctors (specialty_id);

CREATE INDEX ix_patients_date_of_birth ON patients (date_of_birth);

CREATE INDEX ix_patients_full_name ON patients (full_name, id);

CREATE INDEX ix_patients_name_key ON patients (name_key, date_of_birth);

CREATE INDEX ix_patients_national_id ON patients (national_id);

CREATE INDEX ix_patients_phone ON patients (phone);

CREATE INDEX ix_patients_phone_owner_id ON patients (phone_owner_id);

CREATE INDEX ix_patients_phone_tail ON patients (phone_tail);

CREATE INDEX ix_patients_photo_document_id ON patients (photo_document_id);

CREATE UNIQUE INDEX uq_patients_phone_owned ON patients (phone) WHERE phone IS NOT NULL AND phone_owner_id IS NULL AND status <> 'MERGED';

CREATE INDEX ix_services_category_name ON services (is_active, category, name);

CREATE INDEX ix_services_department_id ON services (department_id);

CREATE INDEX ix_services_tax_configuration_id ON services (tax_configuration_id);

CREATE INDEX ix_doctor_leaves_decided_by_id ON doctor_leaves (decided_by_id);

CREATE INDEX ix_doctor_leaves_doctor_status ON doctor_leaves (doctor_id, status, first_day);

CREATE INDEX ix_doctor_leaves_requested_by_id ON doctor_leaves (requested_by_id);

CREATE INDEX ix_doctor_leaves_status_first ON doctor_leaves (status, first_day);

CREATE INDEX ix_doctor_schedules_clinic_weekday ON doctor_schedules (clinic_id, weekday, start_time);

CREATE INDEX ix_doctor_schedules_doctor_weekday ON doctor_schedules (doctor_id, weekday, start_time);

CREATE INDEX ix_id_cards_patient_id ON id_cards (patient_id);

CREATE UNIQUE INDEX uq_id_cards_in_use ON id_cards (patient_id) WHERE revoked_at IS NULL;

CREATE INDEX ix_patient_consents_patient_id ON patient_consents (patient_id);

CREATE INDEX ix_patient_consents_signature_document_id ON patient_consents (signature_document_id);

CREATE INDEX ix_patient_consents_workstation_id ON patient_consents (workstation_id);

CREATE INDEX ix_patient_documents_document_id ON patient_documents (document_id);

CREATE INDEX ix_patient_documents_folder ON patient_documents (patient_id, is_archived, category);

CREATE INDEX ix_patient_documents_uploaded_by ON patient_documents (uploaded_by);

CREATE INDEX ix_patient_duplicates_a_id ON patient_duplicates (a_id);

CREATE INDEX ix_patient_duplicates_b_id ON patient_duplicates (b_id);

CREATE INDEX ix_patient_duplicates_decided_by ON patient_duplicates (decided_by);

CREATE INDEX ix_patient_duplicates_review ON patient_duplicates (status, score);

CREATE INDEX ix_patient_identifiers_patient_id ON patient_identifiers (patient_id);

CREATE INDEX ix_patient_identifiers_value ON patient_identifiers (value);

CREATE INDEX ix_patient_merges_kept_id ON patient_merges (kept_id);

CREATE INDEX ix_patient_merges_merged_by ON patient_merges (merged_by);

CREATE INDEX ix_patient_merges_merged_id ON patient_merges (merged_id);

CREATE INDEX ix_patient_merges_undone_by ON patient_merges (undone_by);

CREATE INDEX ix_time_slots_clinic_date ON time_slots (clinic_id, slot_date, start_time);

CREATE TRIGGER patient_search_insert AFTER INSERT ON patients BEGIN
  INSERT INTO patient_search(rowid, search_text) VALUES (new.search_key, new.search_text);
END;

CREATE TRIGGER patient_search_delete AFTER DELETE ON patients BEGIN
  INSERT INTO patient_search(patient_search, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
END;

CREATE TRIGGER patient_search_update AFTER UPDATE OF search_text, search_key ON patients
WHEN old.search_text <> new.search_text OR old.search_key <> new.search_key BEGIN
  INSERT INTO patient_search(patient_search, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
  INSERT INTO patient_search(rowid, search_text) VALUES (new.search_key, new.search_text);
END;

CREATE INDEX ix_inventory_items_active_name ON inventory_items (is_active, kind, name);

CREATE INDEX ix_inventory_items_tax_configuration_id ON inventory_items (tax_configuration_id);

CREATE INDEX ix_medicine_batches_batch_number ON medicine_batches (batch_number);

CREATE INDEX ix_medicine_batches_location_expiry ON medicine_batches (location_id, expiry);

CREATE INDEX ix_medicine_batches_pickable ON medicine_batches (item_id, location_id, expiry) WHERE quantity_on_hand > 0;

CREATE INDEX ix_medicine_batches_supplier_id ON medicine_batches (supplier_id);

CREATE UNIQUE INDEX uq_medicine_batches_dated ON medicine_batches (item_id, location_id, batch_number, expiry, origin) WHERE expiry IS NOT NULL;

CREATE UNIQUE INDEX uq_medicine_batches_undated ON medicine_batches (item_id, location_id, batch_number, origin) WHERE expiry IS NULL;

CREATE INDEX ix_stock_adjustments_location_status ON stock_adjustments (location_id, status);

CREATE INDEX ix_till_sessions_cashier ON till_sessions (cashier_id, status);

CREATE INDEX ix_till_sessions_day ON till_sessions (clinic_id, business_date, status);

CREATE INDEX ix_payments_day ON payments (clinic_id, business_date, method);

CREATE INDEX ix_payments_patient ON payments (patient_id, business_date);

CREATE INDEX ix_payments_till_session_id ON payments (till_session_id);

CREATE INDEX ix_stock_adjustment_lines_batch_id ON stock_adjustment_lines (batch_id);

CREATE INDEX ix_stock_movements_moved_at ON stock_movements (moved_at);

CREATE INDEX ix_stock_movements_reference ON stock_movements (reference_type, reference_id);

CREATE INDEX ix_invoices_day ON invoices (clinic_id, business_date, status);

CREATE INDEX ix_invoices_due ON invoices (clinic_id, status, due_date);

CREATE INDEX ix_invoices_patient ON invoices (patient_id, status, business_date);

CREATE INDEX ix_invoices_visit_id ON invoices (visit_id);

CREATE UNIQUE INDEX uq_invoices_visit_draft ON invoices (visit_id) WHERE status = 'DRAFT';

CREATE INDEX ix_credit_notes_day ON credit_notes (clinic_id, business_date);

CREATE INDEX ix_credit_notes_invoice_id ON credit_notes (invoice_id);

CREATE INDEX ix_credit_notes_patient_id ON credit_notes (patient_id);

CREATE INDEX ix_invoice_items_doctor ON invoice_items (doctor_id, invoice_id);

CREATE INDEX ix_invoice_items_invoice_id ON invoice_items (invoice_id);

CREATE INDEX ix_invoice_items_source ON invoice_items (source_type, source_id);

CREATE INDEX ix_payment_allocations_invoice_id ON payment_allocations (invoice_id);

CREATE INDEX ix_credit_note_items_credit_note_id ON credit_note_items (credit_note_id);

CREATE INDEX ix_credit_note_items_invoice_item_id ON credit_note_items (invoice_item_id);

CREATE INDEX ix_refunds_credit_note_id ON refunds (credit_note_id);

CREATE INDEX ix_refunds_day ON refunds (clinic_id, business_date, method);

CREATE INDEX ix_refunds_invoice_id ON refunds (invoice_id);

CREATE INDEX ix_refunds_payment_id ON refunds (payment_id);

CREATE INDEX ix_refunds_till_session_id ON refunds (till_session_id);

CREATE TRIGGER credit_note_items_no_update BEFORE UPDATE ON credit_note_items BEGIN SELECT RAISE(ABORT, 'append-only table credit_note_items'); END;

CREATE TRIGGER credit_note_items_no_delete BEFORE DELETE ON credit_note_items BEGIN SELECT RAISE(ABORT, 'append-only table credit_note_items'); END;

CREATE TRIGGER credit_note_items_no_replace BEFORE INSERT ON credit_note_items WHEN EXISTS (SELECT 1 FROM credit_note_items WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table credit_note_items'); END;

CREATE TRIGGER credit_notes_no_update BEFORE UPDATE ON credit_notes BEGIN SELECT RAISE(ABORT, 'append-only table credit_notes'); END;

CREATE TRIGGER credit_notes_no_delete BEFORE DELETE ON credit_notes BEGIN SELECT RAISE(ABORT, 'append-only table credit_notes'); END;

CREATE TRIGGER credit_notes_no_replace BEFORE INSERT ON credit_notes WHEN EXISTS (SELECT 1 FROM credit_notes WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table credit_notes'); END;

CREATE TRIGGER daily_settlement_lines_no_update BEFORE UPDATE ON daily_settlement_lines BEGIN SELECT RAISE(ABORT, 'append-only table daily_settlement_lines'); END;

CREATE TRIGGER daily_settlement_lines_no_delete BEFORE DELETE ON daily_settlement_lines BEGIN SELECT RAISE(ABORT, 'append-only table daily_settlement_lines'); END;

CREATE TRIGGER daily_settlement_lines_no_replace BEFORE INSERT ON daily_settlement_lines WHEN EXISTS (SELECT 1 FROM daily_settlement_lines WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table daily_settlement_lines'); END;

CREATE TRIGGER daily_settlements_no_update BEFORE UPDATE ON daily_settlements BEGIN SELECT RAISE(ABORT, 'append-only table daily_settlements'); END;

CREATE TRIGGER daily_settlements_no_delete BEFORE DELETE ON daily_settlements BEGIN SELECT RAISE(ABORT, 'append-only table daily_settlements'); END;

CREATE TRIGGER daily_settlements_no_replace BEFORE INSERT ON daily_settlements WHEN EXISTS (SELECT 1 FROM daily_settlements WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table daily_settlements'); END;

CREATE TRIGGER doctor_settlements_no_update BEFORE UPDATE ON doctor_settlements BEGIN SELECT RAISE(ABORT, 'append-only table doctor_settlements'); END;

CREATE TRIGGER doctor_settlements_no_delete BEFORE DELETE ON doctor_settlements BEGIN SELECT RAISE(ABORT, 'append-only table doctor_settlements'); END;

CREATE TRIGGER doctor_settlements_no_replace BEFORE INSERT ON doctor_settlements WHEN EXISTS (SELECT 1 FROM doctor_settlements WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table doctor_settlements'); END;

CREATE TRIGGER payment_allocations_no_update BEFORE UPDATE ON payment_allocations BEGIN SELECT RAISE(ABORT, 'append-only table payment_allocations'); END;

CREATE TRIGGER payment_allocations_no_delete BEFORE DELETE ON payment_allocations BEGIN SELECT RAISE(ABORT, 'append-only table payment_allocations'); END;

CREATE TRIGGER payment_allocations_no_replace BEFORE INSERT ON payment_allocations WHEN EXISTS (SELECT 1 FROM payment_allocations WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table payment_allocations'); END;

CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments BEGIN SELECT RAISE(ABORT, 'append-only table payments'); END;

CREATE TRIGGER payments_no_delete BEFORE DELETE ON payments BEGIN SELECT RAISE(ABORT, 'append-only table payments'); END;

CREATE TRIGGER payments_no_replace BEFORE INSERT ON payments WHEN EXISTS (SELECT 1 FROM payments WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table payments'); END;

CREATE TRIGGER refunds_no_update BEFORE UPDATE ON refunds BEGIN SELECT RAISE(ABORT, 'append-only table refunds'); END;

CREATE TRIGGER refunds_no_delete BEFORE DELETE ON refunds BEGIN SELECT RAISE(ABORT, 'append-only table refunds'); END;

CREATE TRIGGER refunds_no_replace BEFORE INSERT ON refunds WHEN EXISTS (SELECT 1 FROM refunds WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table refunds'); END;

CREATE TRIGGER stock_movements_no_update BEFORE UPDATE ON stock_movements BEGIN SELECT RAISE(ABORT, 'append-only table stock_movements'); END;

CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements BEGIN SELECT RAISE(ABORT, 'append-only table stock_movements'); END;

CREATE TRIGGER stock_movements_no_replace BEFORE INSERT ON stock_movements WHEN EXISTS (SELECT 1 FROM stock_movements WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table stock_movements'); END;

CREATE TRIGGER invoices_frozen BEFORE UPDATE ON invoices WHEN OLD.status <> 'DRAFT' AND (NEW.id IS NOT OLD.id OR NEW.number IS NOT OLD.number OR NEW.clinic_id IS NOT OLD.clinic_id OR NEW.patient_id IS NOT OLD.patient_id OR NEW.visit_id IS NOT OLD.visit_id OR NEW.business_date IS NOT OLD.business_date OR NEW.subtotal IS NOT OLD.subtotal OR NEW.discount IS NOT OLD.discount OR NEW.tax IS NOT OLD.tax OR NEW.tax_included IS NOT OLD.tax_included OR NEW.total IS NOT OLD.total OR NEW.due_date IS NOT OLD.due_date OR NEW.issued_at IS NOT OLD.issued_at OR NEW.issued_by IS NOT OLD.issued_by OR NEW.generated_by IS NOT OLD.generated_by OR NEW.created_at IS NOT OLD.created_at OR NEW.status = 'DRAFT' OR OLD.number IS NULL) BEGIN SELECT RAISE(ABORT, 'billing guard invoices_frozen'); END;

CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices WHEN TRUE BEGIN SELECT RAISE(ABORT, 'billing guard invoices_no_delete'); END;

CREATE TRIGGER invoice_items_frozen BEFORE UPDATE ON invoice_items WHEN EXISTS (SELECT 1 FROM invoices i WHERE i.id = OLD.invoice_id AND i.status <> 'DRAFT') OR NEW.invoice_id IS NOT OLD.invoice_id BEGIN SELECT RAISE(ABORT, 'billing guard invoice_items_frozen'); END;

CREATE TRIGGER invoice_items_no_delete BEFORE DELETE ON invoice_items WHEN TRUE BEGIN SELECT RAISE(ABORT, 'billing guard invoice_items_no_delete'); END;

CREATE TRIGGER invoice_items_within_total BEFORE INSERT ON invoice_items WHEN NEW.removed_at IS NULL AND EXISTS (SELECT 1 FROM invoices i WHERE i.id = NEW.invoice_id AND i.status <> 'DRAFT' AND i.total < NEW.total + (SELECT COALESCE(SUM(o.total), 0) FROM invoice_items o WHERE o.invoice_id = NEW.invoice_id AND o.removed_at IS NULL)) BEGIN SELECT RAISE(ABORT, 'billing guard invoice_items_within_total'); END;

CREATE TRIGGER till_sessions_frozen BEFORE UPDATE ON till_sessions WHEN OLD.status = 'CLOSED' BEGIN SELECT RAISE(ABORT, 'billing guard till_sessions_frozen'); END;

CREATE TRIGGER till_sessions_no_delete BEFORE DELETE ON till_sessions WHEN TRUE BEGIN SELECT RAISE(ABORT, 'billing guard till_sessions_no_delete'); END;

CREATE TRIGGER invoices_never_replace BEFORE INSERT ON invoices WHEN EXISTS (SELECT 1 FROM invoices WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'billing guard invoices_never_replace'); END;

CREATE TRIGGER invoice_items_never_replace BEFORE INSERT ON invoice_items WHEN EXISTS (SELECT 1 FROM invoice_items WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'billing guard invoice_items_never_replace'); END;

CREATE TRIGGER till_sessions_never_replace BEFORE INSERT ON till_sessions WHEN EXISTS (SELECT 1 FROM till_sessions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'billing guard till_sessions_never_replace'); END;

CREATE INDEX ix_prescription_templates_doctor ON prescription_templates (doctor_id, name);

CREATE INDEX ix_appointments_cancelled_by ON appointments (cancelled_by);

CREATE INDEX ix_appointments_completed_by ON appointments (completed_by);

CREATE INDEX ix_appointments_confirmed_by ON appointments (confirmed_by);

CREATE INDEX ix_appointments_created_by ON appointments (created_by);

CREATE INDEX ix_appointments_day ON appointments (clinic_id, business_date, start_time);

CREATE INDEX ix_appointments_doctor ON appointments (doctor_id, start_time);

CREATE INDEX ix_appointments_patient ON appointments (patient_id, start_time);

CREATE INDEX ix_appointments_service_id ON appointments (service_id);

CREATE INDEX ix_appointments_time_slot_id ON appointments (time_slot_id);

CREATE INDEX ix_prescription_template_items_medicine_id ON prescription_template_items (medicine_id);

CREATE INDEX ix_appointment_services_appointment_id ON appointment_services (appointment_id);

CREATE INDEX ix_appointment_services_service_id ON appointment_services (service_id);

CREATE INDEX ix_visits_day ON visits (clinic_id, business_date, planned_at, id);

CREATE INDEX ix_visits_doctor_day ON visits (doctor_id, business_date, status);

CREATE INDEX ix_visits_doctor_ended ON visits (doctor_id, end_time) WHERE end_time IS NOT NULL;

CREATE INDEX ix_visits_patient ON visits (patient_id, business_date, id);

CREATE INDEX ix_visits_service_id ON visits (service_id);

CREATE INDEX ix_visits_status ON visits (clinic_id, business_date, status);

CREATE UNIQUE INDEX uq_visits_appointment ON visits (appointment_id) WHERE appointment_id IS NOT NULL;

CREATE INDEX ix_appointment_queue_announced ON appointment_queue (clinic_id, business_date, announced_at, queue_number);

CREATE INDEX ix_appointment_queue_doctor_id ON appointment_queue (doctor_id);

CREATE INDEX ix_appointment_queue_patient_id ON appointment_queue (patient_id);

CREATE INDEX ix_appointment_queue_visit_id ON appointment_queue (visit_id);

CREATE UNIQUE INDEX uq_appointment_queue_number ON appointment_queue (clinic_id, business_date, queue_number);

CREATE UNIQUE INDEX uq_appointment_queue_open ON appointment_queue (clinic_id, business_date, doctor_id, patient_id) WHERE state = 'OPEN';

CREATE UNIQUE INDEX uq_appointment_queue_visit ON appointment_queue (visit_id) WHERE state <> 'VOID';

CREATE INDEX ix_appointment_status_log_appointment_id ON appointment_status_log (appointment_id);

CREATE INDEX ix_appointment_status_log_changed_by ON appointment_status_log (changed_by);

CREATE INDEX ix_appointment_status_log_visit ON appointment_status_log (visit_id, id);

CREATE INDEX ix_consultations_doctor_day ON consultations (doctor_id, business_date);

CREATE INDEX ix_consultations_patient ON consultations (patient_id, business_date);

CREATE INDEX ix_prescriptions_clinic_status ON prescriptions (clinic_id, status, business_date);

CREATE INDEX ix_prescriptions_patient ON prescriptions (patient_id, status);

CREATE INDEX ix_prescriptions_visit_id ON prescriptions (visit_id);

CREATE INDEX ix_reviews_doctor ON reviews (doctor_id, id);

CREATE INDEX ix_reviews_patient_id ON reviews (patient_id);

CREATE INDEX ix_vital_signs_patient ON vital_signs (patient_id, taken_at);

CREATE INDEX ix_vital_signs_visit_id ON vital_signs (visit_id);

CREATE INDEX ix_consultation_addenda_consultation_id ON consultation_addenda (consultation_id);

CREATE INDEX ix_consultation_diagnoses_consultation_id ON consultation_diagnoses (consultation_id);

CREATE UNIQUE INDEX uq_consultation_diagnoses_live ON consultation_diagnoses (consultation_id, code_system, code, text) WHERE removed_at IS NULL;

CREATE INDEX ix_pharmacy_dispensing_clinic_day ON pharmacy_dispensing (clinic_id, business_date);

CREATE INDEX ix_pharmacy_dispensing_patient ON pharmacy_dispensing (patient_id, dispensed_at);

CREATE INDEX ix_pharmacy_dispensing_prescription_id ON pharmacy_dispensing (prescription_id);

CREATE INDEX ix_pharmacy_dispensing_visit_id ON pharmacy_dispensing (visit_id);

CREATE INDEX ix_prescription_items_medicine_id ON prescription_items (medicine_id);

CREATE INDEX ix_prescription_items_prescription_id ON prescription_items (prescription_id);

CREATE UNIQUE INDEX uq_prescription_items_position ON prescription_items (prescription_id, position) WHERE removed_at IS NULL;

CREATE INDEX ix_pharmacy_dispensing_items_batch_id ON pharmacy_dispensing_items (batch_id);

CREATE INDEX ix_pharmacy_dispensing_items_dispensing_id ON pharmacy_dispensing_items (dispensing_id);

CREATE INDEX ix_pharmacy_dispensing_items_item_id ON pharmacy_dispensing_items (item_id);

CREATE INDEX ix_pharmacy_dispensing_items_prescription_item_id ON pharmacy_dispensing_items (prescription_item_id);

CREATE INDEX ix_pharmacy_returns_dispensing_id ON pharmacy_returns (dispensing_id);

CREATE INDEX ix_pharmacy_return_items_batch_id ON pharmacy_return_items (batch_id);

CREATE INDEX ix_pharmacy_return_items_dispensing_item_id ON pharmacy_return_items (dispensing_item_id);

CREATE INDEX ix_pharmacy_return_items_return_id ON pharmacy_return_items (return_id);

CREATE TRIGGER appointment_status_log_no_update BEFORE UPDATE ON appointment_status_log BEGIN SELECT RAISE(ABORT, 'append-only table appointment_status_log'); END;

CREATE TRIGGER appointment_status_log_no_delete BEFORE DELETE ON appointment_status_log BEGIN SELECT RAISE(ABORT, 'append-only table appointment_status_log'); END;

CREATE TRIGGER appointment_status_log_no_replace BEFORE INSERT ON appointment_status_log WHEN EXISTS (SELECT 1 FROM appointment_status_log WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table appointment_status_log'); END;

CREATE TRIGGER consultation_addenda_no_update BEFORE UPDATE ON consultation_addenda BEGIN SELECT RAISE(ABORT, 'append-only table consultation_addenda'); END;

CREATE TRIGGER consultation_addenda_no_delete BEFORE DELETE ON consultation_addenda BEGIN SELECT RAISE(ABORT, 'append-only table consultation_addenda'); END;

CREATE TRIGGER consultation_addenda_no_replace BEFORE INSERT ON consultation_addenda WHEN EXISTS (SELECT 1 FROM consultation_addenda WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table consultation_addenda'); END;

CREATE TRIGGER prescription_versions_no_update BEFORE UPDATE ON prescription_versions BEGIN SELECT RAISE(ABORT, 'append-only table prescription_versions'); END;

CREATE TRIGGER prescription_versions_no_delete BEFORE DELETE ON prescription_versions BEGIN SELECT RAISE(ABORT, 'append-only table prescription_versions'); END;

CREATE TRIGGER prescription_versions_no_replace BEFORE INSERT ON prescription_versions WHEN EXISTS (SELECT 1 FROM prescription_versions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table prescription_versions'); END;

CREATE TRIGGER consultations_signed_update BEFORE UPDATE ON consultations WHEN OLD.status = 'SIGNED' BEGIN SELECT RAISE(ABORT, 'sealed record of consultations'); END;

CREATE TRIGGER consultations_signed_delete BEFORE DELETE ON consultations WHEN OLD.status = 'SIGNED' BEGIN SELECT RAISE(ABORT, 'sealed record of consultations'); END;

CREATE TRIGGER consultation_diagnoses_signed_insert BEFORE INSERT ON consultation_diagnoses WHEN (SELECT c.status FROM consultations c WHERE c.id = NEW.consultation_id) = 'SIGNED' BEGIN SELECT RAISE(ABORT, 'sealed record of consultation_diagnoses'); END;

CREATE TRIGGER consultation_diagnoses_signed_update BEFORE UPDATE ON consultation_diagnoses WHEN (SELECT c.status FROM consultations c WHERE c.id = OLD.consultation_id) = 'SIGNED' OR (SELECT c.status FROM consultations c WHERE c.id = NEW.consultation_id) = 'SIGNED' BEGIN SELECT RAISE(ABORT, 'sealed record of consultation_diagnoses'); END;

CREATE TRIGGER consultation_diagnoses_signed_delete BEFORE DELETE ON consultation_diagnoses WHEN (SELECT c.status FROM consultations c WHERE c.id = OLD.consultation_id) = 'SIGNED' BEGIN SELECT RAISE(ABORT, 'sealed record of consultation_diagnoses'); END;

CREATE TRIGGER prescriptions_sealed_update BEFORE UPDATE OF number, clinic_id, patient_id, doctor_id, visit_id, business_date, diagnosis, notes, follow_up_date, valid_until, version, override_reason, activated_at ON prescriptions WHEN OLD.status <> 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescriptions'); END;

CREATE TRIGGER prescriptions_sealed_reopen BEFORE UPDATE OF status ON prescriptions WHEN OLD.status <> 'DRAFT' AND NEW.status = 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescriptions'); END;

CREATE TRIGGER prescriptions_sealed_delete BEFORE DELETE ON prescriptions WHEN OLD.status <> 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescriptions'); END;

CREATE TRIGGER prescription_items_sealed_insert BEFORE INSERT ON prescription_items WHEN (SELECT p.status FROM prescriptions p WHERE p.id = NEW.prescription_id) <> 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescription_items'); END;

CREATE TRIGGER prescription_items_sealed_update BEFORE UPDATE OF prescription_id, position, medicine_id, dose, unit, route, frequency, duration_days, quantity, instructions, substitution_allowed, removed_at ON prescription_items WHEN (SELECT p.status FROM prescriptions p WHERE p.id = OLD.prescription_id) <> 'DRAFT' OR (SELECT p.status FROM prescriptions p WHERE p.id = NEW.prescription_id) <> 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescription_items'); END;

CREATE TRIGGER prescription_items_sealed_delete BEFORE DELETE ON prescription_items WHEN (SELECT p.status FROM prescriptions p WHERE p.id = OLD.prescription_id) <> 'DRAFT' BEGIN SELECT RAISE(ABORT, 'sealed record of prescription_items'); END;

CREATE INDEX ix_notification_queue_due ON notification_queue (status, next_attempt_at);

CREATE INDEX ix_backups_started ON backups (started_at);

CREATE INDEX ix_backups_workstation_id ON backups (workstation_id);

CREATE UNIQUE INDEX uq_backups_running ON backups (folder) WHERE finished_at IS NULL;

CREATE UNIQUE INDEX uq_archives_last_seq ON archives (last_seq) WHERE last_seq IS NOT NULL;

CREATE INDEX ix_record_openings_patient_id ON record_openings (patient_id);

CREATE INDEX ix_record_openings_reviewed_by ON record_openings (reviewed_by);

CREATE INDEX ix_record_openings_review ON record_openings (reviewed_at, opened_at);

CREATE INDEX ix_record_openings_user_patient ON record_openings (user_id, patient_id, expires_at);

CREATE INDEX ix_privacy_requests_clinic_id ON privacy_requests (clinic_id);

CREATE INDEX ix_privacy_requests_decided_by ON privacy_requests (decided_by);

CREATE INDEX ix_privacy_requests_patient_id ON privacy_requests (patient_id);

CREATE INDEX ix_privacy_requests_recorded_by ON privacy_requests (recorded_by);

CREATE INDEX ix_privacy_requests_status ON privacy_requests (status, requested_at);

CREATE INDEX ix_journal_at ON journal (at, seq);

CREATE INDEX ix_journal_command ON journal (command, seq);

CREATE INDEX ix_journal_workstation ON journal (workstation_id, seq);

CREATE INDEX ix_audit_logs_kind ON audit_logs (entity_type, seq);

CREATE INDEX ix_audit_logs_notes ON audit_logs (seq) WHERE operation = 'N';

CREATE UNIQUE INDEX uq_journal_origins_origin ON journal_origins (database_id, origin_seq);

CREATE TRIGGER journal_origins_no_update BEFORE UPDATE ON journal_origins BEGIN SELECT RAISE(ABORT, 'append-only table journal_origins'); END;

CREATE TRIGGER journal_origins_no_delete BEFORE DELETE ON journal_origins BEGIN SELECT RAISE(ABORT, 'append-only table journal_origins'); END;

CREATE TRIGGER journal_origins_no_replace BEFORE INSERT ON journal_origins WHEN EXISTS (SELECT 1 FROM journal_origins WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'append-only table journal_origins'); END;

CREATE UNIQUE INDEX uq_sync_parked_origin ON sync_parked (database_id, origin_seq);

CREATE INDEX ix_sync_parked_open ON sync_parked (resolved_at, parked_at);

CREATE INDEX ix_sync_parked_rows_entity_id ON sync_parked_rows (entity_id);

CREATE INDEX ix_sync_taken_site_id ON sync_taken (site_id);

CREATE INDEX ix_clinics_site_id ON clinics (site_id);

CREATE INDEX ix_sync_conflicts_open ON sync_conflicts (status, detected_at);

CREATE INDEX ix_sync_conflicts_entity ON sync_conflicts (entity_type, entity_id);

CREATE INDEX ix_sync_conflicts_patient_id ON sync_conflicts (patient_id);

CREATE INDEX ix_sync_conflicts_decided_by ON sync_conflicts (decided_by);

CREATE UNIQUE INDEX uq_time_slots_start ON time_slots (clinic_id, doctor_id, slot_date, start_time);

CREATE UNIQUE INDEX uq_payments_transaction_id ON payments (clinic_id, transaction_id);

CREATE UNIQUE INDEX uq_appointments_place ON appointments (clinic_id, doctor_id, start_time, slot_place) WHERE status NOT IN ('CANCELLED', 'NO_SHOW');

CREATE INDEX ix_wallet_transactions_appointment_id ON wallet_transactions (appointment_id);

CREATE INDEX ix_wallet_transactions_created_by ON wallet_transactions (created_by);

CREATE INDEX ix_wallet_transactions_invoice_id ON wallet_transactions (invoice_id);

CREATE INDEX ix_wallet_transactions_clinic_id ON wallet_transactions (clinic_id);

CREATE TRIGGER wallet_transactions_no_update BEFORE UPDATE ON wallet_transactions BEGIN SELECT RAISE(ABORT, 'append-only table wallet_transactions'); END;

CREATE TRIGGER wallet_transactions_no_delete BEFORE DELETE ON wallet_transactions BEGIN SELECT RAISE(ABORT, 'append-only table wallet_transactions'); END;

CREATE TRIGGER wallet_transactions_no_replace BEFORE INSERT ON wallet_transactions WHEN EXISTS (SELECT 1 FROM wallet_transactions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append-only table wallet_transactions'); END;

CREATE UNIQUE INDEX uq_sync_enrolment_codes_open ON sync_enrolment_codes (site_code) WHERE used_at IS NULL AND withdrawn_at IS NULL;

CREATE INDEX ix_sync_spent_challenges_spent_at ON sync_spent_challenges (spent_at);

CREATE INDEX ix_sync_tries_last_at ON sync_tries (last_at);

CREATE UNIQUE INDEX uq_id_sequences_series ON id_sequences (kind, clinic_id, year, series);

CREATE UNIQUE INDEX uq_till_sessions_open ON till_sessions (cashier_id, clinic_id) WHERE status = 'OPEN' AND series IS NULL;

CREATE INDEX ix_till_sessions_series ON till_sessions (clinic_id, business_date) WHERE series IS NOT NULL;

CREATE INDEX ix_credit_notes_series ON credit_notes (clinic_id, business_date) WHERE series IS NOT NULL;

CREATE TRIGGER payments_day_open BEFORE INSERT ON payments WHEN EXISTS (SELECT 1 FROM daily_settlements d JOIN till_sessions t ON t.id = NEW.till_session_id WHERE t.series IS NULL AND d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.payments_total - COALESCE(d.payments_away, 0) < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM payments e JOIN till_sessions o ON o.id = e.till_session_id WHERE o.series IS NULL AND e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) BEGIN SELECT RAISE(ABORT, 'billing guard payments_day_open'); END;

CREATE TRIGGER refunds_day_open BEFORE INSERT ON refunds WHEN EXISTS (SELECT 1 FROM daily_settlements d JOIN till_sessions t ON t.id = NEW.till_session_id WHERE t.series IS NULL AND d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.refunds_total - COALESCE(d.refunds_away, 0) < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM refunds e JOIN till_sessions o ON o.id = e.till_session_id WHERE o.series IS NULL AND e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) BEGIN SELECT RAISE(ABORT, 'billing guard refunds_day_open'); END;

CREATE TRIGGER credit_notes_day_open BEFORE INSERT ON credit_notes WHEN NEW.series IS NULL AND EXISTS (SELECT 1 FROM daily_settlements d WHERE d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.credits_total - COALESCE(d.credits_away, 0) < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM credit_notes e WHERE e.series IS NULL AND e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) BEGIN SELECT RAISE(ABORT, 'billing guard credit_notes_day_open'); END;

CREATE INDEX ix_name_words_sound ON name_words (sound, word);

CREATE TRIGGER name_words_keys AFTER INSERT ON name_words WHEN length(new.word) >= 3 BEGIN
  INSERT INTO name_word_keys (key, word) SELECT DISTINCT substr(w.start, 1, n.value - 1) || substr(w.start, n.value + 1), new.word
  FROM (SELECT substr(new.word, 1, 5) AS start) w, json_each('[1,2,3,4,5,6]') n WHERE n.value <= length(w.start) + 1;
END;

CREATE TRIGGER name_words_gone AFTER DELETE ON name_words BEGIN
  DELETE FROM name_word_keys WHERE word = old.word AND key IN (SELECT substr(w.start, 1, n.value - 1) || substr(w.start, n.value + 1)
  FROM (SELECT substr(old.word, 1, 5) AS start) w, json_each('[1,2,3,4,5,6]') n);
END;

CREATE TRIGGER patients_name_words_insert AFTER INSERT ON patients BEGIN
  INSERT INTO name_words (word, sound) SELECT key, value FROM json_each(new.sounds) WHERE true ON CONFLICT DO NOTHING;
END;

CREATE INDEX ix_doctor_ratings_doctor_id ON doctor_ratings (doctor_id);

CREATE UNIQUE INDEX uq_card_templates_default ON card_templates (is_default) WHERE is_default;

CREATE INDEX ix_id_cards_template_id ON id_cards (template_id);

CREATE INDEX ix_id_cards_to_print ON id_cards (printed_at, issued_at, id) WHERE revoked_at IS NULL;

CREATE INDEX ix_patients_registered ON patients (clinic_id, created_at);

CREATE INDEX ix_appointments_series ON appointments (series_id, start_time) WHERE series_id IS NOT NULL;

CREATE TRIGGER trg_appointments_overlap_insert BEFORE INSERT ON appointments WHEN NEW.status NOT IN ('CANCELLED', 'NO_SHOW') BEGIN SELECT RAISE(ABORT, 'ck_appointments_not_longer_than_a_day') WHERE julianday(NEW.end_time) - julianday(NEW.start_time) > 1.00001; SELECT RAISE(ABORT, 'ex_appointments_doctor') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE a.doctor_id = NEW.doctor_id AND a.slot_place = NEW.slot_place AND a.id <> NEW.id AND a.clinic_id = NEW.clinic_id AND a.status NOT IN ('CANCELLED', 'NO_SHOW') AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time AND a.start_time > datetime(NEW.start_time, '-24 hours')); SELECT RAISE(ABORT, 'ex_appointments_patient') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE a.patient_id = NEW.patient_id AND a.id <> NEW.id AND a.clinic_id = NEW.clinic_id AND a.status NOT IN ('CANCELLED', 'NO_SHOW') AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time AND a.start_time > datetime(NEW.start_time, '-24 hours')); SELECT RAISE(ABORT, 'ex_appointments_room') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE a.doctor_id <> NEW.doctor_id AND lower(a.room) = lower(NEW.room) AND a.id <> NEW.id AND a.clinic_id = NEW.clinic_id AND a.status NOT IN ('CANCELLED', 'NO_SHOW') AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time AND a.start_time > datetime(NEW.start_time, '-24 hours')); END;

CREATE TRIGGER trg_appointments_overlap_update BEFORE UPDATE OF clinic_id, doctor_id, patient_id, slot_place, start_time, end_time, status, room ON appointments WHEN NEW.status NOT IN ('CANCELLED', 'NO_SHOW') BEGIN SELECT RAISE(ABORT, 'ck_appointments_not_longer_than_a_day') WHERE julianday(NEW.end_time) - julianday(NEW.start_time) > 1.00001; SELECT RAISE(ABORT, 'ex_appointments_doctor') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE a.doctor_id = NEW.doctor_id AND a.slot_place = NEW.slot_place AND a.id <> NEW.id AND a.clinic_id = NEW.clinic_id AND a.status NOT IN ('CANCELLED', 'NO_SHOW') AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time AND a.start_time > datetime(NEW.start_time, '-24 hours')); SELECT RAISE(ABORT, 'ex_appointments_patient') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE a.patient_id = NEW.patient_id AND a.id <> NEW.id AND a.clinic_id = NEW.clinic_id AND a.status NOT IN ('CANCELLED', 'NO_SHOW') AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time AND a.start_time > datetime(NEW.start_time, '-24 hours')); SELECT RAISE(ABORT, 'ex_appointments_room') WHERE EXISTS (SELECT 1 FROM appointments AS a WHERE a.doctor_id <> NEW.doctor_id AND lower(a.room) = lower(NEW.room) AND a.id <> NEW.id AND a.clinic_id = NEW.clinic_id AND a.status NOT IN ('CANCELLED', 'NO_SHOW') AND a.start_time < NEW.end_time AND a.end_time > NEW.start_time AND a.start_time > datetime(NEW.start_time, '-24 hours')); END;

CREATE INDEX ix_waiting_list_status ON waiting_list (clinic_id, status, last_day);

CREATE INDEX ix_waiting_list_patient ON waiting_list (patient_id, status);

CREATE INDEX ix_waiting_list_doctor_id ON waiting_list (doctor_id);

CREATE INDEX ix_waiting_list_service_id ON waiting_list (service_id);

CREATE INDEX ix_waiting_list_offered_doctor_id ON waiting_list (offered_doctor_id);

CREATE INDEX ix_waiting_list_appointment_id ON waiting_list (appointment_id);

CREATE INDEX ix_waiting_list_created_by ON waiting_list (created_by);

CREATE INDEX ix_doctor_delays_doctor_id ON doctor_delays (doctor_id);

CREATE INDEX ix_doctor_delays_said_by ON doctor_delays (said_by);

CREATE INDEX ix_consent_templates_written_by ON consent_templates (written_by);

CREATE INDEX ix_patient_consents_template_id ON patient_consents (template_id);

CREATE INDEX ix_patient_consents_recorded_by ON patient_consents (recorded_by);

CREATE INDEX ix_patient_consents_withdrawn_by ON patient_consents (withdrawn_by);

CREATE TRIGGER consent_templates_text BEFORE UPDATE OF type, language, version, title, body, valid_from, is_draft ON consent_templates WHEN OLD.type IS NOT NEW.type OR OLD.language IS NOT NEW.language OR OLD.version IS NOT NEW.version OR OLD.title IS NOT NEW.title OR OLD.body IS NOT NEW.body OR OLD.valid_from IS NOT NEW.valid_from OR OLD.is_draft IS NOT NEW.is_draft BEGIN SELECT RAISE(ABORT, 'sealed record of consent_templates'); END;

CREATE TRIGGER patient_consents_signed BEFORE UPDATE OF type, template_id, template_version, signed_at, signed_as, guardian, signature_document_id, witness ON patient_consents WHEN OLD.type IS NOT NEW.type OR OLD.template_id IS NOT NEW.template_id OR OLD.template_version IS NOT NEW.template_version OR OLD.signed_at IS NOT NEW.signed_at OR OLD.signed_as IS NOT NEW.signed_as OR OLD.guardian IS NOT NEW.guardian OR OLD.signature_document_id IS NOT NEW.signature_document_id OR OLD.witness IS NOT NEW.witness BEGIN SELECT RAISE(ABORT, 'sealed record of patient_consents'); END;

CREATE TRIGGER patient_consents_withdrawn BEFORE UPDATE OF withdrawn_at ON patient_consents WHEN OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL BEGIN SELECT RAISE(ABORT, 'sealed record of patient_consents'); END;

CREATE INDEX ix_patients_merged_into_id ON patients (merged_into_id) WHERE merged_into_id IS NOT NULL;

CREATE INDEX ix_notification_templates_written_by ON notification_templates (written_by);

CREATE INDEX ix_notification_queue_patient_id ON notification_queue (patient_id);

CREATE INDEX ix_notification_queue_appointment_id ON notification_queue (appointment_id);

CREATE TRIGGER patients_name_words_update AFTER UPDATE OF sounds ON patients WHEN old.sounds <> new.sounds BEGIN
  INSERT INTO name_words (word, sound) SELECT key, value FROM json_each(new.sounds) WHERE true ON CONFLICT DO NOTHING;
  DELETE FROM name_words WHERE word IN (SELECT key FROM json_each(old.sounds)) AND word NOT IN (SELECT key FROM json_each(new.sounds))
  AND NOT EXISTS (
    SELECT 1 FROM patient_search('"  ' || name_words.word || '  "') s JOIN patients p ON p.search_key = s.rowid
    JOIN json_each(p.sounds) k ON k.key = name_words.word WHERE s.rowid <> new.search_key);
END;

CREATE TRIGGER patients_name_words_delete AFTER DELETE ON patients BEGIN
  DELETE FROM name_words WHERE word IN (SELECT key FROM json_each(old.sounds)) AND NOT EXISTS (
    SELECT 1 FROM patient_search('"  ' || name_words.word || '  "') s JOIN patients p ON p.search_key = s.rowid
    JOIN json_each(p.sounds) k ON k.key = name_words.word WHERE s.rowid <> old.search_key);
END;

CREATE INDEX ix_appointments_overtaken_doctor_id ON appointments (overtaken_doctor_id);

CREATE INDEX ix_appointments_overtaken ON appointments (clinic_id, overtaken_start) WHERE overtaken_start IS NOT NULL;

CREATE TRIGGER patient_search_words_insert AFTER INSERT ON patients BEGIN
  INSERT INTO patient_search_words(rowid, search_text) VALUES (new.search_key, new.search_text);
END;

CREATE TRIGGER patient_search_words_delete AFTER DELETE ON patients BEGIN
  INSERT INTO patient_search_words(patient_search_words, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
END;

CREATE TRIGGER patient_search_words_update AFTER UPDATE OF search_text, search_key ON patients
WHEN old.search_text <> new.search_text OR old.search_key <> new.search_key BEGIN
  INSERT INTO patient_search_words(patient_search_words, rowid, search_text) VALUES ('delete', old.search_key, old.search_text);
  INSERT INTO patient_search_words(rowid, search_text) VALUES (new.search_key, new.search_text);
END;
