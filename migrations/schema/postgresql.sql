-- revision 0033
-- Made by `make schema` from migrations/versions. Do not edit.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE FUNCTION consent_templates_text() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.type IS DISTINCT FROM NEW.type OR OLD.language IS DISTINCT FROM NEW.language OR OLD.version IS DISTINCT FROM NEW.version OR OLD.title IS DISTINCT FROM NEW.title OR OLD.body IS DISTINCT FROM NEW.body OR OLD.valid_from IS DISTINCT FROM NEW.valid_from OR OLD.is_draft IS DISTINCT FROM NEW.is_draft THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION consultation_diagnoses_signed_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (SELECT c.status FROM consultations c WHERE c.id = OLD.consultation_id) = 'SIGNED' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION consultation_diagnoses_signed_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (SELECT c.status FROM consultations c WHERE c.id = NEW.consultation_id) = 'SIGNED' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION consultation_diagnoses_signed_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (SELECT c.status FROM consultations c WHERE c.id = OLD.consultation_id) = 'SIGNED' OR (SELECT c.status FROM consultations c WHERE c.id = NEW.consultation_id) = 'SIGNED' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION consultations_signed_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.status = 'SIGNED' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION consultations_signed_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.status = 'SIGNED' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION forget_name_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$ BEGIN
  WITH left_over AS (SELECT DISTINCT w.key AS word FROM before o CROSS JOIN LATERAL jsonb_each_text(o.sounds::jsonb) w),
  gone AS (DELETE FROM name_words w USING left_over l WHERE w.word = l.word
    AND NOT EXISTS (SELECT FROM patients p WHERE p.search_text LIKE chr(37) || '  ' || l.word || '  ' || chr(37)
      AND jsonb_exists(p.sounds::jsonb, l.word)) RETURNING w.word)
  DELETE FROM name_word_keys k USING gone g WHERE k.word = g.word;
  RETURN NULL; END $$;

CREATE FUNCTION learn_name_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$ BEGIN
  WITH heard AS (SELECT s.key AS word, min(s.value) AS sound FROM written p CROSS JOIN LATERAL jsonb_each_text(p.sounds::jsonb) s GROUP BY s.key), added AS (INSERT INTO name_words (word, sound) SELECT word, sound FROM heard ORDER BY word ON CONFLICT DO NOTHING RETURNING word)
  INSERT INTO name_word_keys (key, word)
  SELECT DISTINCT left(w.start, n - 1) || substr(w.start, n + 1), a.word FROM added a
  CROSS JOIN LATERAL (SELECT left(a.word, 5) AS start) w CROSS JOIN generate_series(1, 6) n
  WHERE length(a.word) >= 3 AND n <= length(w.start) + 1;
  RETURN NULL; END $$;

CREATE FUNCTION patient_consents_signed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.type IS DISTINCT FROM NEW.type OR OLD.template_id IS DISTINCT FROM NEW.template_id OR OLD.template_version IS DISTINCT FROM NEW.template_version OR OLD.signed_at IS DISTINCT FROM NEW.signed_at OR OLD.signed_as IS DISTINCT FROM NEW.signed_as OR OLD.guardian IS DISTINCT FROM NEW.guardian OR OLD.signature_document_id IS DISTINCT FROM NEW.signature_document_id OR OLD.witness IS DISTINCT FROM NEW.witness THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION patient_consents_withdrawn() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION prescription_items_sealed_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (SELECT p.status FROM prescriptions p WHERE p.id = OLD.prescription_id) <> 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION prescription_items_sealed_insert() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (SELECT p.status FROM prescriptions p WHERE p.id = NEW.prescription_id) <> 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION prescription_items_sealed_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF (SELECT p.status FROM prescriptions p WHERE p.id = OLD.prescription_id) <> 'DRAFT' OR (SELECT p.status FROM prescriptions p WHERE p.id = NEW.prescription_id) <> 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION prescriptions_sealed_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.status <> 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION prescriptions_sealed_reopen() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.status <> 'DRAFT' AND NEW.status = 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION prescriptions_sealed_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.status <> 'DRAFT' THEN
        RAISE EXCEPTION 'sealed record of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION refuse_billing_truncate() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'append-only table %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION refuse_credit_notes_day_open() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF NEW.series IS NULL AND EXISTS (SELECT 1 FROM daily_settlements d WHERE d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.credits_total - COALESCE(d.credits_away, 0) < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM credit_notes e WHERE e.series IS NULL AND e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION refuse_invoice_items_frozen() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF EXISTS (SELECT 1 FROM invoices i WHERE i.id = OLD.invoice_id AND i.status <> 'DRAFT') OR NEW.invoice_id IS DISTINCT FROM OLD.invoice_id THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION refuse_invoice_items_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION refuse_invoice_items_within_total() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF NEW.removed_at IS NULL AND EXISTS (SELECT 1 FROM invoices i WHERE i.id = NEW.invoice_id AND i.status <> 'DRAFT' AND i.total < NEW.total + (SELECT COALESCE(SUM(o.total), 0) FROM invoice_items o WHERE o.invoice_id = NEW.invoice_id AND o.removed_at IS NULL)) THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION refuse_invoices_frozen() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF OLD.status <> 'DRAFT' AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.clinic_id IS DISTINCT FROM OLD.clinic_id OR NEW.patient_id IS DISTINCT FROM OLD.patient_id OR NEW.visit_id IS DISTINCT FROM OLD.visit_id OR NEW.business_date IS DISTINCT FROM OLD.business_date OR NEW.subtotal IS DISTINCT FROM OLD.subtotal OR NEW.discount IS DISTINCT FROM OLD.discount OR NEW.tax IS DISTINCT FROM OLD.tax OR NEW.tax_included IS DISTINCT FROM OLD.tax_included OR NEW.total IS DISTINCT FROM OLD.total OR NEW.due_date IS DISTINCT FROM OLD.due_date OR NEW.issued_at IS DISTINCT FROM OLD.issued_at OR NEW.issued_by IS DISTINCT FROM OLD.issued_by OR NEW.generated_by IS DISTINCT FROM OLD.generated_by OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.status = 'DRAFT' OR OLD.number IS NULL) THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION refuse_invoices_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION refuse_payments_day_open() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF EXISTS (SELECT 1 FROM daily_settlements d JOIN till_sessions t ON t.id = NEW.till_session_id WHERE t.series IS NULL AND d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.payments_total - COALESCE(d.payments_away, 0) < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM payments e JOIN till_sessions o ON o.id = e.till_session_id WHERE o.series IS NULL AND e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION refuse_refunds_day_open() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF EXISTS (SELECT 1 FROM daily_settlements d JOIN till_sessions t ON t.id = NEW.till_session_id WHERE t.series IS NULL AND d.clinic_id = NEW.clinic_id AND d.business_date = NEW.business_date AND d.refunds_total - COALESCE(d.refunds_away, 0) < NEW.amount + (SELECT COALESCE(SUM(e.amount), 0) FROM refunds e JOIN till_sessions o ON o.id = e.till_session_id WHERE o.series IS NULL AND e.clinic_id = NEW.clinic_id AND e.business_date = NEW.business_date)) THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION refuse_till_sessions_frozen() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF OLD.status = 'CLOSED' THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION refuse_till_sessions_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'billing guard %', TG_NAME USING ERRCODE = 'restrict_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;

CREATE FUNCTION relearn_name_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$ BEGIN
  IF NOT EXISTS (SELECT FROM written n JOIN before o ON o.id = n.id WHERE o.sounds <> n.sounds) THEN RETURN NULL; END IF;
  WITH heard AS (SELECT s.key AS word, min(s.value) AS sound FROM written p CROSS JOIN LATERAL jsonb_each_text(p.sounds::jsonb) s GROUP BY s.key), added AS (INSERT INTO name_words (word, sound) SELECT word, sound FROM heard ORDER BY word ON CONFLICT DO NOTHING RETURNING word)
  INSERT INTO name_word_keys (key, word)
  SELECT DISTINCT left(w.start, n - 1) || substr(w.start, n + 1), a.word FROM added a
  CROSS JOIN LATERAL (SELECT left(a.word, 5) AS start) w CROSS JOIN generate_series(1, 6) n
  WHERE length(a.word) >= 3 AND n <= length(w.start) + 1;
  WITH left_over AS (SELECT w.key AS word FROM before o CROSS JOIN LATERAL jsonb_each_text(o.sounds::jsonb) w
    EXCEPT SELECT w.key FROM written n CROSS JOIN LATERAL jsonb_each_text(n.sounds::jsonb) w),
  gone AS (DELETE FROM name_words w USING left_over l WHERE w.word = l.word
    AND NOT EXISTS (SELECT FROM patients p WHERE p.search_text LIKE chr(37) || '  ' || l.word || '  ' || chr(37)
      AND jsonb_exists(p.sounds::jsonb, l.word)) RETURNING w.word)
  DELETE FROM name_word_keys k USING gone g WHERE k.word = g.word;
  RETURN NULL; END $$;

CREATE TABLE access_stamp (
    id integer NOT NULL,
    stamp bigint NOT NULL
);

CREATE TABLE alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE appointment_queue (
    id uuid NOT NULL,
    visit_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    business_date date NOT NULL,
    doctor_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    queue_number integer NOT NULL,
    state character varying(24) NOT NULL,
    priority character varying(24) NOT NULL,
    room text,
    called_at timestamp with time zone,
    announced_at timestamp with time zone,
    call_count integer NOT NULL,
    skipped_at timestamp with time zone,
    estimated_wait_minutes integer,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    held_at timestamp with time zone,
    hold_reason text,
    service_room text,
    sent_at timestamp with time zone,
    last_held_at timestamp with time zone,
    CONSTRAINT ck_appointment_queue_calls_not_negative CHECK ((call_count >= 0)),
    CONSTRAINT ck_appointment_queue_in_a_room_while_open CHECK (((service_room IS NULL) OR (((state)::text = 'OPEN'::text) AND (sent_at IS NOT NULL)))),
    CONSTRAINT ck_appointment_queue_number_from_one CHECK ((queue_number >= 1)),
    CONSTRAINT ck_appointment_queue_priority CHECK ((priority IN ('EMERGENCY', 'ELDERLY', 'APPOINTMENT', 'NORMAL'))),
    CONSTRAINT ck_appointment_queue_queuestate CHECK ((state IN ('RESERVED', 'OPEN', 'CLOSED', 'VOID')))
);

CREATE TABLE appointment_services (
    id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    service_id uuid NOT NULL,
    teeth text,
    quantity integer NOT NULL,
    unit_price bigint NOT NULL,
    notes text,
    completed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_appointment_services_price_not_negative CHECK ((unit_price >= 0)),
    CONSTRAINT ck_appointment_services_quantity_positive CHECK ((quantity > 0))
);

CREATE TABLE appointment_status_log (
    id uuid NOT NULL,
    visit_id uuid NOT NULL,
    appointment_id uuid,
    subject character varying(24) NOT NULL,
    from_status character varying(24),
    to_status character varying(24) NOT NULL,
    changed_by uuid,
    changed_at timestamp with time zone NOT NULL,
    reason text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_appointment_status_log_logsubject CHECK ((subject IN ('APPOINTMENT', 'VISIT')))
);

CREATE TABLE appointments (
    id uuid NOT NULL,
    booking_id text NOT NULL,
    clinic_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    service_id uuid NOT NULL,
    time_slot_id uuid,
    business_date date NOT NULL,
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone NOT NULL,
    slot_place integer NOT NULL,
    status character varying(24) NOT NULL,
    type character varying(24) NOT NULL,
    booking_source character varying(24) NOT NULL,
    fee bigint NOT NULL,
    reason text,
    notes text,
    override_reason text,
    confirmation_sent boolean NOT NULL,
    created_by uuid,
    confirmed_by uuid,
    completed_by uuid,
    cancelled_by uuid,
    cancellation_reason text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    length_minutes integer,
    room text,
    series_id uuid,
    confirmed_at timestamp with time zone,
    contact_attempts integer DEFAULT 0 NOT NULL,
    contacted_at timestamp with time zone,
    overtaken_doctor_id uuid,
    overtaken_start timestamp with time zone,
    CONSTRAINT ck_appointments_appointmentkind CHECK ((type IN ('REGULAR', 'WALK_IN', 'EMERGENCY', 'FOLLOW_UP'))),
    CONSTRAINT ck_appointments_appointmentstatus CHECK ((status IN ('PENDING', 'CONFIRMED', 'CHECKED_IN', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'NO_SHOW'))),
    CONSTRAINT ck_appointments_attempts_not_negative CHECK ((contact_attempts >= 0)),
    CONSTRAINT ck_appointments_bookingsource CHECK ((booking_source IN ('PHONE', 'WALK_IN', 'ONLINE', 'SYSTEM'))),
    CONSTRAINT ck_appointments_ends_after_start CHECK ((end_time > start_time)),
    CONSTRAINT ck_appointments_fee_not_negative CHECK ((fee >= 0)),
    CONSTRAINT ck_appointments_length_sensible CHECK ((length_minutes BETWEEN 1 AND 1440)),
    CONSTRAINT ck_appointments_not_longer_than_a_day CHECK ((end_time <= (start_time + '24:00:00'::interval))),
    CONSTRAINT ck_appointments_overtaken_is_whole CHECK (((overtaken_start IS NULL) = (overtaken_doctor_id IS NULL))),
    CONSTRAINT ck_appointments_place_from_one CHECK ((slot_place >= 1))
);

CREATE TABLE archives (
    id uuid NOT NULL,
    file_name text NOT NULL,
    file_sha256 text NOT NULL,
    size_bytes bigint NOT NULL,
    as_of date NOT NULL,
    made_at timestamp with time zone NOT NULL,
    row_count bigint NOT NULL,
    contents text NOT NULL,
    file_key bytea,
    first_seq bigint,
    last_seq bigint,
    last_hash text,
    last_at timestamp with time zone,
    verified_at timestamp with time zone NOT NULL,
    chain text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_archives_journal_part_has_hash CHECK (((last_seq IS NULL) = (last_hash IS NULL))),
    CONSTRAINT ck_archives_journal_part_in_order CHECK (((last_seq IS NULL) OR (first_seq <= last_seq)))
);

CREATE TABLE audit_logs (
    seq bigint NOT NULL,
    ordinal integer NOT NULL,
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    operation text NOT NULL,
    changes text NOT NULL
);

CREATE TABLE backup_service (
    id integer NOT NULL,
    until timestamp with time zone NOT NULL,
    folders text NOT NULL,
    workstation_id uuid
);

CREATE TABLE backups (
    id uuid NOT NULL,
    folder text NOT NULL,
    file text,
    reason character varying(24) NOT NULL,
    workstation_id uuid,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    verified_at timestamp with time zone,
    seq bigint,
    row_count bigint,
    byte_count bigint,
    error text,
    removed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_backups_backupreason CHECK ((reason IN ('SCHEDULED', 'MANUAL', 'BEFORE_RESTORE', 'BEFORE_MIGRATION'))),
    CONSTRAINT ck_backups_verified_file CHECK (((verified_at IS NULL) OR ((file IS NOT NULL) AND (seq IS NOT NULL))))
);

CREATE TABLE card_signing_keys (
    id uuid NOT NULL,
    key_number integer NOT NULL,
    seed bytea,
    public_key bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_card_signing_keys_key_sizes CHECK (((length(seed) = 32) AND (length(public_key) = 32)))
);

CREATE TABLE card_templates (
    id uuid NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    layout text NOT NULL,
    is_default boolean NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_card_templates_default_in_use CHECK ((is_active OR (NOT is_default))),
    CONSTRAINT ck_card_templates_name_given CHECK ((length(name) > 0)),
    CONSTRAINT ck_card_templates_version_from_one CHECK ((version > 0))
);

CREATE TABLE central_operator (
    id integer NOT NULL,
    password_hash text NOT NULL,
    metrics_hash bytea NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

CREATE TABLE central_sessions (
    hash bytea NOT NULL,
    form_token text NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    address text NOT NULL
);

CREATE TABLE channel_secrets (
    id uuid NOT NULL,
    channel character varying(24) NOT NULL,
    sealed bytea,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_channel_secrets_channel CHECK ((channel IN ('EMAIL', 'SMS', 'PHONE', 'PAPER')))
);

CREATE TABLE clinics (
    id uuid NOT NULL,
    hospital_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    address text,
    phone text,
    timezone text NOT NULL,
    is_main boolean NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    site_id uuid,
    CONSTRAINT ck_clinics_code_is_short_capital CHECK (((length(code) BETWEEN 2 AND 5) AND (code = upper(code))))
);

CREATE TABLE command_keys (
    key uuid NOT NULL,
    command text NOT NULL,
    result text
);

CREATE TABLE consent_templates (
    id uuid NOT NULL,
    type character varying(24) NOT NULL,
    language text NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    valid_from date NOT NULL,
    is_draft boolean NOT NULL,
    is_active boolean NOT NULL,
    written_by uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_consent_templates_consenttype CHECK ((type IN ('TREATMENT', 'DATA_PROCESSING', 'MESSAGES', 'PHOTOGRAPHS', 'RESEARCH'))),
    CONSTRAINT ck_consent_templates_language_code CHECK ((length(language) BETWEEN 2 AND 8)),
    CONSTRAINT ck_consent_templates_text_given CHECK (((length(title) > 0) AND (length(body) > 0))),
    CONSTRAINT ck_consent_templates_version_counts_from_one CHECK ((version > 0))
);

CREATE TABLE consultation_addenda (
    id uuid NOT NULL,
    consultation_id uuid NOT NULL,
    text text NOT NULL,
    written_by uuid,
    written_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE consultation_diagnoses (
    id uuid NOT NULL,
    consultation_id uuid NOT NULL,
    code_system text NOT NULL,
    code text NOT NULL,
    text text NOT NULL,
    certainty character varying(24) NOT NULL,
    removed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_consultation_diagnoses_certainty CHECK ((certainty IN ('SUSPECTED', 'CONFIRMED', 'RULED_OUT')))
);

CREATE TABLE consultations (
    id uuid NOT NULL,
    visit_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    business_date date NOT NULL,
    complaint text,
    findings text,
    diagnosis text,
    treatment text,
    notes text,
    follow_up_date date,
    status character varying(24) NOT NULL,
    signed_at timestamp with time zone,
    signed_by uuid,
    diagnoses_edition integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_consultations_consultationstatus CHECK ((status IN ('DRAFT', 'SIGNED'))),
    CONSTRAINT ck_consultations_signed_has_time CHECK ((((status)::text <> 'SIGNED'::text) OR (signed_at IS NOT NULL)))
);

CREATE TABLE credit_note_items (
    id uuid NOT NULL,
    credit_note_id uuid NOT NULL,
    invoice_item_id uuid NOT NULL,
    amount bigint NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    doctor_share bigint NOT NULL,
    center_share bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_credit_note_items_amount_adds_up CHECK ((amount = (net + tax))),
    CONSTRAINT ck_credit_note_items_amount_positive CHECK (((amount > 0) AND (net >= 0) AND (tax >= 0))),
    CONSTRAINT ck_credit_note_items_shares_add_up CHECK ((((doctor_share + center_share) = net) AND (doctor_share >= 0) AND (center_share >= 0)))
);

CREATE TABLE credit_notes (
    id uuid NOT NULL,
    number text NOT NULL,
    clinic_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    amount bigint NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    reason text NOT NULL,
    approved_by uuid,
    business_date date NOT NULL,
    issued_by uuid,
    issued_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    series text,
    CONSTRAINT ck_credit_notes_amount_adds_up CHECK ((amount = (net + tax))),
    CONSTRAINT ck_credit_notes_amount_positive CHECK (((amount > 0) AND (net >= 0) AND (tax >= 0)))
);

CREATE TABLE daily_settlement_lines (
    id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    method character varying(24) NOT NULL,
    cashier_id uuid NOT NULL,
    payment_count integer NOT NULL,
    payments_total bigint NOT NULL,
    refund_count integer NOT NULL,
    refunds_total bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_daily_settlement_lines_paymentmethod CHECK ((method IN ('CASH', 'CARD', 'UPI', 'BANK_TRANSFER', 'WALLET', 'INSURANCE')))
);

CREATE TABLE daily_settlements (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    business_date date NOT NULL,
    payments_total bigint NOT NULL,
    refunds_total bigint NOT NULL,
    net_total bigint NOT NULL,
    credits_total bigint NOT NULL,
    till_count integer NOT NULL,
    till_difference bigint NOT NULL,
    note text,
    signed_off_by uuid,
    settled_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    away text,
    payments_away bigint,
    refunds_away bigint,
    credits_away bigint,
    CONSTRAINT ck_daily_settlements_net_adds_up CHECK ((net_total = (payments_total - refunds_total))),
    CONSTRAINT ck_daily_settlements_totals_not_negative CHECK (((payments_total >= 0) AND (refunds_total >= 0) AND (credits_total >= 0)))
);

CREATE TABLE database_identity (
    database_id uuid NOT NULL,
    site_id uuid NOT NULL,
    site_code text,
    currency text,
    restored_from uuid
);

CREATE TABLE departments (
    id uuid NOT NULL,
    hospital_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    head_doctor_id uuid,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE doctor_delays (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    business_date date NOT NULL,
    doctor_id uuid NOT NULL,
    minutes integer NOT NULL,
    late_until timestamp with time zone NOT NULL,
    said_by uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_doctor_delays_minutes_sensible CHECK ((minutes BETWEEN 0 AND 600))
);

CREATE TABLE doctor_fees (
    id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    visit_type character varying(24) NOT NULL,
    amount bigint NOT NULL,
    valid_from date NOT NULL,
    follow_up_days integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    valid_to date,
    CONSTRAINT ck_doctor_fees_amount_not_negative CHECK ((amount >= 0)),
    CONSTRAINT ck_doctor_fees_feekind CHECK ((visit_type IN ('OPD', 'FOLLOW_UP', 'EMERGENCY', 'HOME_VISIT', 'TELECONSULT'))),
    CONSTRAINT ck_doctor_fees_valid_span CHECK (((valid_to IS NULL) OR (valid_to >= valid_from))),
    CONSTRAINT ck_doctor_fees_window_sensible CHECK ((follow_up_days BETWEEN 0 AND 365))
);

CREATE TABLE doctor_leaves (
    id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    start_time time without time zone,
    end_time time without time zone,
    reason text,
    status character varying(24) NOT NULL,
    requested_by_id uuid,
    decided_by_id uuid,
    decided_at timestamp with time zone,
    decision_note text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_doctor_leaves_days_in_order CHECK ((last_day >= first_day)),
    CONSTRAINT ck_doctor_leaves_decided_when_decided CHECK ((((status)::text = 'REQUESTED'::text) = (decided_at IS NULL))),
    CONSTRAINT ck_doctor_leaves_leavestatus CHECK ((status IN ('REQUESTED', 'APPROVED', 'REJECTED', 'WITHDRAWN'))),
    CONSTRAINT ck_doctor_leaves_part_of_one_day CHECK ((((start_time IS NULL) AND (end_time IS NULL)) OR ((start_time < end_time) AND (first_day = last_day))))
);

CREATE TABLE doctor_ratings (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    total_reviews integer NOT NULL,
    rating_sum integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_doctor_ratings_sum_of_one_to_five CHECK (((rating_sum >= total_reviews) AND (rating_sum <= (5 * total_reviews))))
);

CREATE TABLE doctor_schedules (
    id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    weekday integer NOT NULL,
    start_time time without time zone NOT NULL,
    end_time time without time zone NOT NULL,
    slot_minutes integer NOT NULL,
    max_patients integer NOT NULL,
    room text,
    valid_from date NOT NULL,
    valid_to date,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_doctor_schedules_capacity_sensible CHECK ((max_patients BETWEEN 1 AND 50)),
    CONSTRAINT ck_doctor_schedules_ends_after_start CHECK ((start_time < end_time)),
    CONSTRAINT ck_doctor_schedules_slot_sensible CHECK ((slot_minutes BETWEEN 5 AND 240)),
    CONSTRAINT ck_doctor_schedules_valid_span CHECK (((valid_to IS NULL) OR (valid_to >= valid_from))),
    CONSTRAINT ck_doctor_schedules_weekday_known CHECK ((weekday BETWEEN 0 AND 6))
);

CREATE TABLE doctor_settlements (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    earned bigint NOT NULL,
    adjustment bigint NOT NULL,
    adjustment_reason text,
    paid bigint NOT NULL,
    settled_by uuid,
    settled_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    elsewhere text,
    CONSTRAINT ck_doctor_settlements_adjustment_has_reason CHECK (((adjustment = 0) OR (adjustment_reason IS NOT NULL))),
    CONSTRAINT ck_doctor_settlements_paid_adds_up CHECK ((paid = (earned + adjustment))),
    CONSTRAINT ck_doctor_settlements_period_in_order CHECK ((period_from <= period_to))
);

CREATE TABLE doctors (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    specialty_id uuid NOT NULL,
    department_id uuid,
    license_number text NOT NULL,
    qualification text,
    experience_years integer NOT NULL,
    bio text,
    default_fee bigint,
    share_basis_points integer NOT NULL,
    room text,
    is_active boolean NOT NULL,
    is_available boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_doctors_experience_not_negative CHECK ((experience_years >= 0)),
    CONSTRAINT ck_doctors_fee_not_negative CHECK (((default_fee IS NULL) OR (default_fee >= 0))),
    CONSTRAINT ck_doctors_share_is_percent CHECK ((share_basis_points BETWEEN 0 AND 10000))
);

CREATE TABLE document_blobs (
    sha256 text NOT NULL,
    content bytea NOT NULL,
    put_at timestamp with time zone
);

CREATE TABLE documents (
    id uuid NOT NULL,
    sha256 text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    location text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_documents_sha256_in_hex CHECK ((length(sha256) = 64)),
    CONSTRAINT ck_documents_size_not_negative CHECK ((size_bytes >= 0))
);

CREATE TABLE drafts (
    user_id uuid NOT NULL,
    screen text NOT NULL,
    body text,
    is_open boolean NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_drafts_says_something CHECK (((body IS NOT NULL) OR is_open))
);

CREATE TABLE former_number_formats (
    id uuid NOT NULL,
    id_sequence_id uuid NOT NULL,
    last_number integer NOT NULL,
    prefix text NOT NULL,
    width integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE holidays (
    id uuid NOT NULL,
    hospital_id uuid NOT NULL,
    clinic_id uuid,
    day date NOT NULL,
    name text NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE hospital_settings (
    id uuid NOT NULL,
    hospital_id uuid NOT NULL,
    key text NOT NULL,
    value text NOT NULL,
    scope character varying(24) NOT NULL,
    clinic_id uuid,
    workstation_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_hospital_settings_scope CHECK ((scope IN ('HOSPITAL', 'CLINIC', 'WORKSTATION'))),
    CONSTRAINT ck_hospital_settings_scope_names_its_place CHECK (((((scope)::text = 'HOSPITAL'::text) AND (clinic_id IS NULL) AND (workstation_id IS NULL)) OR (((scope)::text = 'CLINIC'::text) AND (clinic_id IS NOT NULL) AND (workstation_id IS NULL)) OR (((scope)::text = 'WORKSTATION'::text) AND (clinic_id IS NULL) AND (workstation_id IS NOT NULL))))
);

CREATE TABLE hospitals (
    id uuid NOT NULL,
    name text NOT NULL,
    address text,
    licence_number text,
    phone text,
    email text,
    tax_number text,
    currency text NOT NULL,
    logo_document_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_hospitals_currency_is_iso CHECK ((length(currency) = 3))
);

CREATE TABLE id_cards (
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    card_number text NOT NULL,
    code128 text NOT NULL,
    qr_payload text NOT NULL,
    template text NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    printed_at timestamp with time zone,
    print_count integer NOT NULL,
    revoked_at timestamp with time zone,
    revoked_reason text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    template_id uuid,
    valid_until date
);

CREATE TABLE id_sequences (
    id uuid NOT NULL,
    kind text NOT NULL,
    clinic_id uuid NOT NULL,
    year integer NOT NULL,
    next_number integer NOT NULL,
    prefix text NOT NULL,
    width integer NOT NULL,
    reset character varying(24) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    series text DEFAULT ''::text NOT NULL,
    CONSTRAINT ck_id_sequences_next_number_positive CHECK ((next_number >= 1)),
    CONSTRAINT ck_id_sequences_reset CHECK ((reset IN ('YEARLY', 'DAILY', 'NEVER'))),
    CONSTRAINT ck_id_sequences_width_sensible CHECK ((width BETWEEN 1 AND 12))
);

CREATE TABLE inventory_items (
    id uuid NOT NULL,
    code text NOT NULL,
    barcode text,
    name text NOT NULL,
    search_text text NOT NULL,
    kind character varying(24) NOT NULL,
    category text,
    unit text NOT NULL,
    pack_size integer NOT NULL,
    min_stock integer NOT NULL,
    max_stock integer,
    reorder_quantity integer,
    storage_location text,
    cost bigint NOT NULL,
    price bigint NOT NULL,
    tax_configuration_id uuid,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_inventory_items_cost_not_negative CHECK ((cost >= 0)),
    CONSTRAINT ck_inventory_items_itemkind CHECK ((kind IN ('MEDICINE', 'OPTICAL', 'CONSUMABLE', 'OTHER'))),
    CONSTRAINT ck_inventory_items_min_not_above_max CHECK (((max_stock IS NULL) OR (min_stock <= max_stock))),
    CONSTRAINT ck_inventory_items_min_stock_not_negative CHECK ((min_stock >= 0)),
    CONSTRAINT ck_inventory_items_pack_size_positive CHECK ((pack_size >= 1)),
    CONSTRAINT ck_inventory_items_price_not_negative CHECK ((price >= 0)),
    CONSTRAINT ck_inventory_items_reorder_quantity_positive CHECK (((reorder_quantity IS NULL) OR (reorder_quantity > 0)))
);

CREATE TABLE invoice_items (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    kind character varying(24) NOT NULL,
    source_type text NOT NULL,
    source_id uuid,
    description text NOT NULL,
    teeth text,
    quantity integer NOT NULL,
    unit_price bigint NOT NULL,
    discount bigint NOT NULL,
    net bigint NOT NULL,
    tax_configuration_id uuid,
    tax_name text,
    tax_rate_basis_points integer NOT NULL,
    tax_is_inclusive boolean NOT NULL,
    tax bigint NOT NULL,
    total bigint NOT NULL,
    doctor_id uuid,
    doctor_share_basis_points integer NOT NULL,
    doctor_share bigint NOT NULL,
    center_share bigint NOT NULL,
    removed_at timestamp with time zone,
    removal_reason text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_invoice_items_amounts_not_negative CHECK (((unit_price >= 0) AND (net >= 0) AND (tax >= 0))),
    CONSTRAINT ck_invoice_items_discount_within_price CHECK (((discount >= 0) AND (discount <= (quantity * unit_price)))),
    CONSTRAINT ck_invoice_items_doctor_rate_within_bounds CHECK ((doctor_share_basis_points BETWEEN 0 AND 10000)),
    CONSTRAINT ck_invoice_items_linekind CHECK ((kind IN ('CONSULTATION', 'SERVICE', 'MEDICINE', 'LAB', 'OPTICAL', 'REPAIR', 'OTHER'))),
    CONSTRAINT ck_invoice_items_net_adds_up CHECK ((((quantity * unit_price) - discount) = (net +
CASE
    WHEN tax_is_inclusive THEN tax
    ELSE (0)::bigint
END))),
    CONSTRAINT ck_invoice_items_quantity_positive CHECK ((quantity > 0)),
    CONSTRAINT ck_invoice_items_share_has_doctor CHECK (((doctor_id IS NOT NULL) OR (doctor_share = 0))),
    CONSTRAINT ck_invoice_items_shares_add_up CHECK ((((doctor_share + center_share) = net) AND (doctor_share >= 0) AND (center_share >= 0))),
    CONSTRAINT ck_invoice_items_tax_rate_within_bounds CHECK ((tax_rate_basis_points BETWEEN 0 AND 10000)),
    CONSTRAINT ck_invoice_items_total_adds_up CHECK ((total = (net + tax)))
);

CREATE TABLE invoices (
    id uuid NOT NULL,
    number text COLLATE pg_catalog."C",
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    visit_id uuid,
    status character varying(24) NOT NULL,
    business_date date NOT NULL,
    subtotal bigint NOT NULL,
    discount bigint NOT NULL,
    tax bigint NOT NULL,
    tax_included bigint NOT NULL,
    total bigint NOT NULL,
    paid bigint NOT NULL,
    credited bigint NOT NULL,
    balance bigint NOT NULL,
    due_date date,
    issued_at timestamp with time zone,
    issued_by uuid,
    generated_by uuid,
    cancellation_reason text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_invoices_amounts_not_negative CHECK (((subtotal >= 0) AND (discount >= 0) AND (total >= 0))),
    CONSTRAINT ck_invoices_balance_adds_up CHECK ((((paid + credited) + balance) = total)),
    CONSTRAINT ck_invoices_draft_has_no_money CHECK (((number IS NOT NULL) OR ((paid = 0) AND (credited = 0)))),
    CONSTRAINT ck_invoices_draft_has_no_number CHECK ((((status)::text <> 'DRAFT'::text) OR (number IS NULL))),
    CONSTRAINT ck_invoices_invoicestatus CHECK ((status IN ('DRAFT', 'PENDING', 'PARTIAL', 'PAID', 'OVERDUE', 'CANCELLED'))),
    CONSTRAINT ck_invoices_issued_has_number CHECK (((number IS NOT NULL) OR (status IN ('DRAFT', 'CANCELLED')))),
    CONSTRAINT ck_invoices_money_not_negative CHECK (((paid >= 0) AND (credited >= 0))),
    CONSTRAINT ck_invoices_number_when_issued CHECK (((number IS NULL) = (issued_at IS NULL))),
    CONSTRAINT ck_invoices_paid_owes_nothing CHECK ((((status)::text <> 'PAID'::text) OR (balance <= 0))),
    CONSTRAINT ck_invoices_tax_included_within_tax CHECK ((tax_included BETWEEN 0 AND tax)),
    CONSTRAINT ck_invoices_total_adds_up CHECK ((total = (((subtotal - discount) + tax) - tax_included)))
);

CREATE TABLE journal (
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    hlc bigint NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    workstation_id uuid,
    command text NOT NULL,
    reason text,
    hash bytea NOT NULL
);

CREATE TABLE journal_head (
    id integer NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    hlc bigint NOT NULL
);

CREATE TABLE journal_origins (
    seq bigint NOT NULL,
    site_id uuid NOT NULL,
    database_id uuid NOT NULL,
    origin_seq bigint NOT NULL,
    origin_hlc bigint NOT NULL,
    origin_hash bytea NOT NULL
);

CREATE TABLE journal_secrets (
    seq bigint NOT NULL,
    ordinal integer NOT NULL,
    field text NOT NULL,
    value text NOT NULL
);

CREATE TABLE key_vault (
    id integer NOT NULL,
    content bytea NOT NULL
);

CREATE TABLE kiosk_tries (
    workstation_id uuid NOT NULL,
    misses integer NOT NULL,
    missed_at timestamp with time zone NOT NULL
);

CREATE TABLE login_failures (
    id uuid NOT NULL,
    username_hash text NOT NULL,
    failed_login_attempts integer NOT NULL,
    locked_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_login_failures_failures_not_negative CHECK ((failed_login_attempts >= 0))
);

CREATE TABLE medicine_batches (
    id uuid NOT NULL,
    item_id uuid NOT NULL,
    location_id uuid NOT NULL,
    batch_number text NOT NULL,
    expiry date,
    origin character varying(24) NOT NULL,
    cost bigint NOT NULL,
    price bigint,
    quantity_on_hand integer NOT NULL,
    supplier_id uuid,
    status character varying(24) NOT NULL,
    status_reason text,
    movement_count integer NOT NULL,
    last_moved_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_medicine_batches_batchorigin CHECK ((origin IN ('RECEIVED', 'RETURNED'))),
    CONSTRAINT ck_medicine_batches_batchstatus CHECK ((status IN ('OK', 'QUARANTINE', 'RECALLED', 'EXPIRED'))),
    CONSTRAINT ck_medicine_batches_cost_not_negative CHECK ((cost >= 0)),
    CONSTRAINT ck_medicine_batches_movement_count_not_negative CHECK ((movement_count >= 0)),
    CONSTRAINT ck_medicine_batches_price_not_negative CHECK (((price IS NULL) OR (price >= 0))),
    CONSTRAINT ck_medicine_batches_quantity_on_hand_not_negative CHECK ((quantity_on_hand >= 0))
);

CREATE TABLE medicines (
    id uuid NOT NULL,
    item_id uuid NOT NULL,
    generic_name text,
    strength text,
    form text,
    manufacturer text,
    schedule text,
    is_controlled boolean NOT NULL,
    ingredients text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE name_word_keys (
    key text NOT NULL COLLATE pg_catalog."C",
    word text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE name_words (
    word text NOT NULL COLLATE pg_catalog."C",
    sound text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE notification_queue (
    id uuid NOT NULL,
    channel character varying(24) NOT NULL,
    topic text NOT NULL,
    recipient text NOT NULL,
    payload text,
    status character varying(24) NOT NULL,
    retry_count integer NOT NULL,
    max_attempts integer NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    not_after timestamp with time zone,
    sent_at timestamp with time zone,
    last_error text,
    provider_id text,
    idempotency_key text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    patient_id uuid,
    appointment_id uuid,
    about text,
    not_before timestamp with time zone,
    CONSTRAINT ck_notification_queue_attempts_bounded CHECK ((retry_count BETWEEN 0 AND max_attempts)),
    CONSTRAINT ck_notification_queue_channel CHECK ((channel IN ('EMAIL', 'SMS', 'PHONE', 'PAPER'))),
    CONSTRAINT ck_notification_queue_messagestatus CHECK ((status IN ('QUEUED', 'SENDING', 'SENT', 'FAILED', 'DEAD', 'WITHDRAWN'))),
    CONSTRAINT ck_notification_queue_sent_when CHECK ((((status)::text = 'SENT'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT ck_notification_queue_told_by_people CHECK (((channel IN ('EMAIL', 'SMS')) OR (status IN ('SENT', 'WITHDRAWN'))))
);

CREATE TABLE notification_templates (
    id uuid NOT NULL,
    event character varying(24) NOT NULL,
    channel character varying(24) NOT NULL,
    language text NOT NULL,
    version integer NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    is_active boolean NOT NULL,
    written_by uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_notification_templates_body_given CHECK ((length(body) > 0)),
    CONSTRAINT ck_notification_templates_channel CHECK ((channel IN ('EMAIL', 'SMS', 'PHONE', 'PAPER'))),
    CONSTRAINT ck_notification_templates_mail_has_subject CHECK ((((channel)::text <> 'EMAIL'::text) OR (length(subject) > 0))),
    CONSTRAINT ck_notification_templates_notice CHECK ((event IN ('BOOKED', 'REMINDER', 'REMINDER_SOON', 'MOVED', 'CALLED_OFF', 'PLACE_OFFERED', 'DOCTOR_LATE', 'FOLLOW_UP_DUE'))),
    CONSTRAINT ck_notification_templates_version_from_one CHECK ((version >= 1))
);

CREATE TABLE number_formats (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    kind text NOT NULL,
    prefix text NOT NULL,
    width integer NOT NULL,
    reset character varying(24) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_number_formats_reset CHECK ((reset IN ('YEARLY', 'DAILY', 'NEVER'))),
    CONSTRAINT ck_number_formats_width_sensible CHECK ((width BETWEEN 1 AND 12))
);

CREATE TABLE otp_verifications (
    id uuid NOT NULL,
    user_id uuid,
    patient_id uuid,
    purpose character varying(24) NOT NULL,
    code_hash text NOT NULL,
    attempts integer NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    is_verified boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    sent_to text,
    act text,
    used_at timestamp with time zone,
    CONSTRAINT ck_otp_verifications_attempts_bounded CHECK ((attempts BETWEEN 0 AND 10)),
    CONSTRAINT ck_otp_verifications_one_person CHECK (((user_id IS NULL) <> (patient_id IS NULL))),
    CONSTRAINT ck_otp_verifications_otppurpose CHECK ((purpose IN ('VERIFY_PHONE', 'VERIFY_EMAIL', 'RESET', 'APPROVE')))
);

CREATE TABLE password_resets (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token_hash text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    issued_by_id uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE patient_consents (
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    type character varying(24) NOT NULL,
    template_version text NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    signature_document_id uuid,
    witness text,
    workstation_id uuid,
    ip_address text,
    withdrawn_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    template_id uuid,
    recorded_by uuid,
    withdrawn_by uuid,
    signed_as character varying(24) DEFAULT 'PATIENT'::character varying NOT NULL,
    guardian text,
    withdrawal_reason text,
    CONSTRAINT ck_patient_consents_consenttype CHECK ((type IN ('TREATMENT', 'DATA_PROCESSING', 'MESSAGES', 'PHOTOGRAPHS', 'RESEARCH'))),
    CONSTRAINT ck_patient_consents_guardian_named CHECK ((((signed_as)::text <> 'GUARDIAN'::text) OR (guardian IS NOT NULL))),
    CONSTRAINT ck_patient_consents_reason_of_a_withdrawal CHECK (((withdrawal_reason IS NULL) OR (withdrawn_at IS NOT NULL))),
    CONSTRAINT ck_patient_consents_signed_or_witnessed CHECK (((signature_document_id IS NOT NULL) OR (witness IS NOT NULL))),
    CONSTRAINT ck_patient_consents_signedas CHECK ((signed_as IN ('PATIENT', 'GUARDIAN'))),
    CONSTRAINT ck_patient_consents_withdrawn_after_signing CHECK (((withdrawn_at IS NULL) OR (withdrawn_at >= signed_at)))
);

CREATE TABLE patient_documents (
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    document_id uuid NOT NULL,
    original_file_name text NOT NULL,
    category character varying(24) NOT NULL,
    subcategory text,
    description text,
    access_level character varying(24) NOT NULL,
    tags text,
    metadata text,
    uploaded_by uuid,
    is_archived boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_patient_documents_accesslevel CHECK ((access_level IN ('patient', 'staff', 'doctor', 'admin'))),
    CONSTRAINT ck_patient_documents_documentcategory CHECK ((category IN ('diagnostic-images', 'treatment-photos', 'forms-documents', 'administrative', 'insurance', 'correspondence')))
);

CREATE TABLE patient_duplicates (
    id uuid NOT NULL,
    a_id uuid NOT NULL,
    b_id uuid NOT NULL,
    score integer NOT NULL,
    reasons text NOT NULL,
    status character varying(24) NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    note text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_patient_duplicates_duplicatestatus CHECK ((status IN ('OPEN', 'DIFFERENT', 'MERGED'))),
    CONSTRAINT ck_patient_duplicates_ordered_pair CHECK ((a_id < b_id)),
    CONSTRAINT ck_patient_duplicates_score_in_percent CHECK ((score BETWEEN 0 AND 100))
);

CREATE TABLE patient_identifiers (
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    system text NOT NULL,
    value text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_patient_identifiers_value_given CHECK ((length(value) > 0))
);

CREATE TABLE patient_merges (
    id uuid NOT NULL,
    kept_id uuid NOT NULL,
    merged_id uuid NOT NULL,
    field_choices text NOT NULL,
    reason text,
    merged_by uuid,
    merged_at timestamp with time zone NOT NULL,
    undone_by uuid,
    undone_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_patient_merges_two_records CHECK ((kept_id <> merged_id))
);

CREATE TABLE patients (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_number text NOT NULL COLLATE pg_catalog."C",
    first_name text NOT NULL,
    middle_name text,
    last_name text,
    full_name text NOT NULL,
    date_of_birth date,
    dob_is_estimated boolean NOT NULL,
    gender character varying(24) NOT NULL,
    blood_group character varying(24),
    phone text,
    phone_typed text,
    phone_tail text,
    phone_owner_id uuid,
    email text,
    address text,
    city text,
    region text,
    postal_code text,
    country text,
    national_id text,
    allergies text,
    medical_history text,
    remarks text,
    emergency_contact_name text,
    emergency_contact_phone text,
    photo_document_id uuid,
    has_insurance boolean NOT NULL,
    status character varying(24) NOT NULL,
    merged_into_id uuid,
    search_key bigint NOT NULL,
    search_text text NOT NULL,
    name_key text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    phone_verified boolean DEFAULT false NOT NULL,
    email_verified boolean DEFAULT false NOT NULL,
    is_restricted boolean DEFAULT false NOT NULL,
    erased_at timestamp with time zone,
    sounds text DEFAULT '{}'::text NOT NULL,
    contact_language text,
    contact_by character varying(24),
    CONSTRAINT ck_patients_bloodgroup CHECK ((blood_group IN ('A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-'))),
    CONSTRAINT ck_patients_contactby CHECK ((contact_by IN ('SMS', 'EMAIL', 'PHONE', 'NO_MESSAGES'))),
    CONSTRAINT ck_patients_first_name_given CHECK ((length(first_name) > 0)),
    CONSTRAINT ck_patients_gender CHECK ((gender IN ('MALE', 'FEMALE', 'OTHER'))),
    CONSTRAINT ck_patients_merged_into_one CHECK ((((status)::text = 'MERGED'::text) = (merged_into_id IS NOT NULL))),
    CONSTRAINT ck_patients_not_merged_into_itself CHECK (((merged_into_id IS NULL) OR (merged_into_id <> id))),
    CONSTRAINT ck_patients_patientstatus CHECK ((status IN ('ACTIVE', 'MERGED', 'DECEASED', 'ARCHIVED'))),
    CONSTRAINT ck_patients_phone_as_typed CHECK (((phone IS NULL) = (phone_typed IS NULL))),
    CONSTRAINT ck_patients_phone_shared_with_another CHECK (((phone_owner_id IS NULL) OR ((phone IS NOT NULL) AND (phone_owner_id <> id)))),
    CONSTRAINT ck_patients_search_key_range CHECK (((search_key >= 0) AND (search_key < '4611686018427387904'::bigint)))
);

CREATE TABLE payment_allocations (
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    amount bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_payment_allocations_amount_positive CHECK ((amount > 0))
);

CREATE TABLE payments (
    id uuid NOT NULL,
    receipt_number text NOT NULL COLLATE pg_catalog."C",
    tender_index integer NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    method character varying(24) NOT NULL,
    amount bigint NOT NULL,
    tendered bigint NOT NULL,
    change_given bigint NOT NULL,
    transaction_id text,
    status character varying(24) NOT NULL,
    till_session_id uuid NOT NULL,
    business_date date NOT NULL,
    received_by uuid NOT NULL,
    paid_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_payments_amount_positive CHECK ((amount > 0)),
    CONSTRAINT ck_payments_change_adds_up CHECK (((tendered = (amount + change_given)) AND (change_given >= 0))),
    CONSTRAINT ck_payments_change_only_in_cash CHECK (((change_given = 0) OR ((method)::text = 'CASH'::text))),
    CONSTRAINT ck_payments_paymentmethod CHECK ((method IN ('CASH', 'CARD', 'UPI', 'BANK_TRANSFER', 'WALLET', 'INSURANCE'))),
    CONSTRAINT ck_payments_paymentstatus CHECK ((status IN ('PENDING', 'COMPLETED', 'FAILED'))),
    CONSTRAINT ck_payments_tender_index_not_negative CHECK ((tender_index >= 0))
);

CREATE TABLE permissions (
    id uuid NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE pharmacy_dispensing (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    location_id uuid NOT NULL,
    prescription_id uuid,
    visit_id uuid,
    patient_id uuid,
    status character varying(24) NOT NULL,
    total bigint NOT NULL,
    override_reason text,
    business_date date NOT NULL,
    dispensed_by uuid,
    dispensed_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_pharmacy_dispensing_dispensingstatus CHECK ((status IN ('DISPENSED', 'PARTIALLY_RETURNED', 'RETURNED'))),
    CONSTRAINT ck_pharmacy_dispensing_total_not_negative CHECK ((total >= 0))
);

CREATE TABLE pharmacy_dispensing_items (
    id uuid NOT NULL,
    dispensing_id uuid NOT NULL,
    prescription_item_id uuid,
    item_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    quantity integer NOT NULL,
    quantity_returned integer NOT NULL,
    unit_price bigint NOT NULL,
    total bigint NOT NULL,
    batch_reason text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_pharmacy_dispensing_items_quantity_positive CHECK ((quantity > 0)),
    CONSTRAINT ck_pharmacy_dispensing_items_returned_within_quantity CHECK ((quantity_returned BETWEEN 0 AND quantity)),
    CONSTRAINT ck_pharmacy_dispensing_items_unit_price_not_negative CHECK ((unit_price >= 0))
);

CREATE TABLE pharmacy_return_items (
    id uuid NOT NULL,
    return_id uuid NOT NULL,
    dispensing_item_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    quantity integer NOT NULL,
    amount bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_pharmacy_return_items_quantity_positive CHECK ((quantity > 0))
);

CREATE TABLE pharmacy_returns (
    id uuid NOT NULL,
    dispensing_id uuid NOT NULL,
    reason text NOT NULL,
    refund bigint NOT NULL,
    business_date date NOT NULL,
    returned_by uuid,
    returned_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_pharmacy_returns_refund_not_negative CHECK ((refund >= 0))
);

CREATE TABLE prescription_items (
    id uuid NOT NULL,
    prescription_id uuid NOT NULL,
    "position" integer NOT NULL,
    medicine_id uuid NOT NULL,
    dose text NOT NULL,
    unit text NOT NULL,
    route character varying(24) NOT NULL,
    frequency character varying(24) NOT NULL,
    duration_days integer NOT NULL,
    quantity integer NOT NULL,
    quantity_dispensed integer NOT NULL,
    instructions text,
    substitution_allowed boolean NOT NULL,
    removed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_prescription_items_dispensed_not_negative CHECK ((quantity_dispensed >= 0)),
    CONSTRAINT ck_prescription_items_duration_positive CHECK ((duration_days > 0)),
    CONSTRAINT ck_prescription_items_frequency CHECK ((frequency IN ('OD', 'BD', 'TDS', 'QID', 'HS', 'Q4H', 'Q6H', 'Q8H', 'Q12H', 'ALTERNATE_DAYS', 'WEEKLY', 'STAT', 'PRN'))),
    CONSTRAINT ck_prescription_items_quantity_positive CHECK ((quantity > 0)),
    CONSTRAINT ck_prescription_items_route CHECK ((route IN ('ORAL', 'SUBLINGUAL', 'TOPICAL', 'EYE', 'EAR', 'NASAL', 'INHALED', 'RECTAL', 'VAGINAL', 'IM', 'IV', 'SC', 'OTHER')))
);

CREATE TABLE prescription_template_items (
    id uuid NOT NULL,
    template_id uuid NOT NULL,
    "position" integer NOT NULL,
    medicine_id uuid NOT NULL,
    dose text NOT NULL,
    unit text NOT NULL,
    route character varying(24) NOT NULL,
    frequency character varying(24) NOT NULL,
    duration_days integer NOT NULL,
    quantity integer,
    instructions text,
    substitution_allowed boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_prescription_template_items_duration_positive CHECK ((duration_days > 0)),
    CONSTRAINT ck_prescription_template_items_frequency CHECK ((frequency IN ('OD', 'BD', 'TDS', 'QID', 'HS', 'Q4H', 'Q6H', 'Q8H', 'Q12H', 'ALTERNATE_DAYS', 'WEEKLY', 'STAT', 'PRN'))),
    CONSTRAINT ck_prescription_template_items_route CHECK ((route IN ('ORAL', 'SUBLINGUAL', 'TOPICAL', 'EYE', 'EAR', 'NASAL', 'INHALED', 'RECTAL', 'VAGINAL', 'IM', 'IV', 'SC', 'OTHER')))
);

CREATE TABLE prescription_templates (
    id uuid NOT NULL,
    doctor_id uuid,
    name text NOT NULL,
    diagnosis text,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE prescription_versions (
    id uuid NOT NULL,
    prescription_id uuid NOT NULL,
    version integer NOT NULL,
    snapshot text NOT NULL,
    reason text,
    made_by uuid,
    made_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE prescriptions (
    id uuid NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    visit_id uuid NOT NULL,
    business_date date NOT NULL,
    diagnosis text,
    notes text,
    follow_up_date date,
    valid_until date NOT NULL,
    status character varying(24) NOT NULL,
    status_reason text,
    version integer NOT NULL,
    override_reason text,
    activated_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_prescriptions_active_has_time CHECK (((status IN ('DRAFT', 'CANCELLED')) OR (activated_at IS NOT NULL))),
    CONSTRAINT ck_prescriptions_prescriptionstatus CHECK ((status IN ('DRAFT', 'ACTIVE', 'PARTIALLY_DISPENSED', 'DISPENSED', 'CANCELLED', 'EXPIRED'))),
    CONSTRAINT ck_prescriptions_version_positive CHECK ((version >= 1))
);

CREATE TABLE privacy_requests (
    id uuid NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    kind character varying(24) NOT NULL,
    status character varying(24) NOT NULL,
    asked_by text NOT NULL,
    identity_check character varying(24) NOT NULL,
    identity_note text,
    reason text,
    requested_at timestamp with time zone NOT NULL,
    recorded_by uuid,
    decided_by uuid,
    decided_at timestamp with time zone,
    decision_note text,
    done_at timestamp with time zone,
    next_due date,
    outcome text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_privacy_requests_decided_when_decided CHECK (((decided_at IS NOT NULL) = (((status)::text = 'REFUSED'::text) OR (((kind)::text = 'ERASURE'::text) AND ((status)::text = 'DONE'::text))))),
    CONSTRAINT ck_privacy_requests_done_has_time CHECK (((done_at IS NULL) = ((status)::text <> 'DONE'::text))),
    CONSTRAINT ck_privacy_requests_identitycheck CHECK ((identity_check IN ('DOCUMENT', 'KNOWN', 'PHONE', 'GUARDIAN'))),
    CONSTRAINT ck_privacy_requests_requestkind CHECK ((kind IN ('EXPORT', 'ERASURE'))),
    CONSTRAINT ck_privacy_requests_requeststatus CHECK ((status IN ('OPEN', 'REFUSED', 'DONE'))),
    CONSTRAINT ck_privacy_requests_second_person CHECK ((((kind)::text <> 'ERASURE'::text) OR (decided_by IS NULL) OR (decided_by <> recorded_by)))
);

CREATE TABLE record_openings (
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    user_id uuid NOT NULL,
    reason text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    reviewed_by uuid,
    reviewed_at timestamp with time zone,
    review_note text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_record_openings_expires_later CHECK ((expires_at > opened_at)),
    CONSTRAINT ck_record_openings_reviewed_by_someone CHECK (((reviewed_by IS NULL) = (reviewed_at IS NULL))),
    CONSTRAINT ck_record_openings_second_person CHECK (((reviewed_by IS NULL) OR (reviewed_by <> user_id)))
);

CREATE TABLE refresh_tokens (
    id uuid NOT NULL,
    token_hash text NOT NULL,
    user_id uuid NOT NULL,
    workstation_id uuid,
    issued_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    host text,
    by_pin boolean DEFAULT false NOT NULL,
    confirmed_until timestamp with time zone,
    ended_as character varying(24),
    kiosk_since timestamp with time zone,
    CONSTRAINT ck_refresh_tokens_expires_later CHECK ((expires_at > issued_at)),
    CONSTRAINT ck_refresh_tokens_sessionend CHECK ((ended_as IN ('REPLACED', 'LOGGED_OUT', 'REVOKED')))
);

CREATE TABLE refunds (
    id uuid NOT NULL,
    number text NOT NULL,
    clinic_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    credit_note_id uuid,
    method character varying(24) NOT NULL,
    amount bigint NOT NULL,
    reason text NOT NULL,
    approved_by uuid,
    till_session_id uuid NOT NULL,
    business_date date NOT NULL,
    refunded_by uuid NOT NULL,
    refunded_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_refunds_amount_positive CHECK ((amount > 0)),
    CONSTRAINT ck_refunds_paymentmethod CHECK ((method IN ('CASH', 'CARD', 'UPI', 'BANK_TRANSFER', 'WALLET', 'INSURANCE'))),
    CONSTRAINT ck_refunds_second_person CHECK (((approved_by IS NULL) OR (approved_by <> refunded_by)))
);

CREATE TABLE reviews (
    id uuid NOT NULL,
    visit_id uuid NOT NULL,
    appointment_id uuid,
    patient_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    rating integer NOT NULL,
    comment text,
    is_anonymous boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_reviews_rating_one_to_five CHECK ((rating BETWEEN 1 AND 5))
);

CREATE TABLE role_permissions (
    id uuid NOT NULL,
    role_id uuid NOT NULL,
    permission_id uuid NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE roles (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    description text,
    is_default boolean NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE server_certificates (
    id uuid NOT NULL,
    hosts text NOT NULL,
    authority text NOT NULL,
    authority_key text NOT NULL,
    certificate text NOT NULL,
    certificate_key text NOT NULL
);

CREATE TABLE services (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    description text,
    category character varying(24) NOT NULL,
    department_id uuid,
    price bigint NOT NULL,
    uses_doctor_fee boolean NOT NULL,
    duration_minutes integer NOT NULL,
    pricing_model character varying(24) NOT NULL,
    tooth_chart_use character varying(24) NOT NULL,
    tax_configuration_id uuid,
    doctor_share_basis_points integer,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_services_duration_sensible CHECK ((duration_minutes BETWEEN 1 AND 480)),
    CONSTRAINT ck_services_price_not_negative CHECK ((price >= 0)),
    CONSTRAINT ck_services_pricingmodel CHECK ((pricing_model IN ('PER_SESSION', 'PER_TOOTH', 'PER_TOOTH_PACKAGE', 'PER_FILM', 'PER_TREATMENT_PACKAGE'))),
    CONSTRAINT ck_services_servicecategory CHECK ((category IN ('CONSULTATION', 'PROCEDURE', 'IMAGING', 'LAB', 'DENTAL', 'OPTICAL', 'OTHER'))),
    CONSTRAINT ck_services_share_is_percent CHECK ((doctor_share_basis_points BETWEEN 0 AND 10000)),
    CONSTRAINT ck_services_toothchartuse CHECK ((tooth_chart_use IN ('REQUIRED', 'OPTIONAL', 'NOT_NEEDED')))
);

CREATE TABLE session_sightings (
    session_id uuid NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

CREATE TABLE sites (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    keeps_shared_data boolean NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_sites_code_is_short_capital CHECK (((length(code) BETWEEN 2 AND 5) AND (code = upper(code))))
);

CREATE TABLE specialties (
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE stock_adjustment_lines (
    id uuid NOT NULL,
    adjustment_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    quantity integer NOT NULL,
    unit_cost bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_stock_adjustment_lines_quantity_not_zero CHECK ((quantity <> 0))
);

CREATE TABLE stock_adjustments (
    id uuid NOT NULL,
    location_id uuid NOT NULL,
    reason text NOT NULL,
    status character varying(24) NOT NULL,
    value bigint NOT NULL,
    requested_by uuid,
    approved_by uuid,
    posted_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_stock_adjustments_adjustmentstatus CHECK ((status IN ('PENDING', 'POSTED', 'REJECTED'))),
    CONSTRAINT ck_stock_adjustments_posted_has_time CHECK ((((status)::text <> 'POSTED'::text) OR (posted_at IS NOT NULL))),
    CONSTRAINT ck_stock_adjustments_two_persons CHECK (((approved_by IS NULL) OR (requested_by IS NULL) OR (approved_by <> requested_by))),
    CONSTRAINT ck_stock_adjustments_value_not_negative CHECK ((value >= 0))
);

CREATE TABLE stock_locations (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    name text NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE stock_movements (
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    entry_number integer NOT NULL,
    type character varying(24) NOT NULL,
    quantity integer NOT NULL,
    previous_stock integer NOT NULL,
    new_stock integer NOT NULL,
    unit_cost bigint NOT NULL,
    reason text,
    reference_type text,
    reference_id uuid,
    moved_by uuid,
    moved_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_stock_movements_entry_number_positive CHECK ((entry_number >= 1)),
    CONSTRAINT ck_stock_movements_movementkind CHECK ((type IN ('RECEIPT', 'DISPENSE', 'RETURN', 'ADJUSTMENT', 'TRANSFER_IN', 'TRANSFER_OUT', 'CONSUMPTION', 'EXPIRED', 'DAMAGED', 'COUNT'))),
    CONSTRAINT ck_stock_movements_new_stock_not_negative CHECK ((new_stock >= 0)),
    CONSTRAINT ck_stock_movements_previous_stock_not_negative CHECK ((previous_stock >= 0)),
    CONSTRAINT ck_stock_movements_quantity_not_zero CHECK ((quantity <> 0)),
    CONSTRAINT ck_stock_movements_starts_empty CHECK (((entry_number > 1) OR (previous_stock = 0))),
    CONSTRAINT ck_stock_movements_stock_adds_up CHECK (((previous_stock + quantity) = new_stock))
);

CREATE TABLE suppliers (
    id uuid NOT NULL,
    name text NOT NULL,
    contact_name text,
    phone text,
    email text,
    tax_number text,
    payment_terms text,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE sync_conflicts (
    id uuid NOT NULL,
    kind character varying(24) NOT NULL,
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    field text,
    patient_id uuid,
    kept_value text,
    kept_by text,
    kept_site_id uuid,
    kept_at timestamp with time zone,
    other_value text,
    other_by text,
    other_site_id uuid,
    other_at timestamp with time zone,
    owner_site_id uuid,
    detected_at timestamp with time zone NOT NULL,
    status character varying(24) NOT NULL,
    decision character varying(24),
    decided_by uuid,
    decided_at timestamp with time zone,
    note text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_sync_conflicts_conflictkind CHECK ((kind IN ('FIELD', 'DELETED', 'DOUBLE_BOOKING', 'OVERPAID', 'OVERDISPENSED', 'CLASH', 'MERGE_CYCLE', 'OVERSOLD'))),
    CONSTRAINT ck_sync_conflicts_conflictstatus CHECK ((status IN ('OPEN', 'DECIDED'))),
    CONSTRAINT ck_sync_conflicts_decided_when_decided CHECK (((((status)::text = 'DECIDED'::text) = (decision IS NOT NULL)) AND (((status)::text = 'DECIDED'::text) = (decided_at IS NOT NULL)))),
    CONSTRAINT ck_sync_conflicts_decision CHECK ((decision IN ('KEPT', 'OTHER', 'DONE'))),
    CONSTRAINT ck_sync_conflicts_field_named CHECK ((((kind)::text <> 'FIELD'::text) OR (field IS NOT NULL)))
);

CREATE TABLE sync_contacts (
    site_id uuid NOT NULL,
    fence integer NOT NULL,
    last_token_at timestamp with time zone,
    compared_at timestamp with time zone,
    differed_at timestamp with time zone
);

CREATE TABLE sync_document_parts (
    sha256 text NOT NULL,
    "offset" bigint NOT NULL,
    data bytea NOT NULL
);

CREATE TABLE sync_documents (
    sha256 text NOT NULL,
    is_fetched boolean NOT NULL,
    tries integer NOT NULL
);

CREATE TABLE sync_enrolment_codes (
    id uuid NOT NULL,
    hash bytea NOT NULL,
    site_code text NOT NULL,
    site_name text NOT NULL,
    keeps_shared_data boolean NOT NULL,
    again boolean NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    is_replica boolean DEFAULT false NOT NULL
);

CREATE TABLE sync_link (
    id integer NOT NULL,
    address text,
    pin bytea,
    sealed_key bytea,
    central_id uuid,
    pushed_seq bigint NOT NULL,
    pushed_hash bytea NOT NULL,
    echoed_seq bigint NOT NULL,
    pulled_seq bigint NOT NULL,
    pulled_hash bytea NOT NULL,
    loads_from bigint,
    last_contact_at timestamp with time zone,
    last_synced_at timestamp with time zone,
    proved_at timestamp with time zone,
    last_error text,
    runner_id uuid,
    runner_until timestamp with time zone,
    peer_id uuid,
    series text,
    detached_at timestamp with time zone,
    proving_since timestamp with time zone,
    proving_table text,
    proving_after uuid,
    proving_differs boolean DEFAULT false NOT NULL
);

CREATE TABLE sync_load_pages (
    table_name text NOT NULL,
    ordinal integer NOT NULL,
    through_key uuid,
    head_seq bigint NOT NULL
);

CREATE TABLE sync_parked (
    id uuid NOT NULL,
    site_id uuid NOT NULL,
    database_id uuid NOT NULL,
    origin_seq bigint NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    body bytea NOT NULL,
    parked_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolution text
);

CREATE TABLE sync_parked_rows (
    parked_id uuid NOT NULL,
    entity_type text NOT NULL,
    entity_id uuid NOT NULL
);

CREATE TABLE sync_peers (
    site_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    keeps_shared_data boolean NOT NULL,
    database_id uuid NOT NULL,
    public_key bytea NOT NULL,
    clinics text NOT NULL,
    program text NOT NULL,
    revision text NOT NULL,
    enrolled_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_reason text,
    is_replica boolean DEFAULT false NOT NULL,
    detached_at timestamp with time zone
);

CREATE TABLE sync_service (
    id integer NOT NULL,
    port integer NOT NULL,
    pin bytea NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

CREATE TABLE sync_spent_challenges (
    challenge bytea NOT NULL,
    spent_at timestamp with time zone NOT NULL
);

CREATE TABLE sync_taken (
    database_id uuid NOT NULL,
    site_id uuid NOT NULL,
    taken_seq bigint NOT NULL,
    taken_hash bytea NOT NULL,
    conflicts bigint NOT NULL,
    read_seq bigint NOT NULL,
    head_seq bigint NOT NULL,
    revision text,
    last_contact_at timestamp with time zone,
    last_pushed_at timestamp with time zone,
    is_former boolean NOT NULL
);

CREATE TABLE sync_tombstones (
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    seq bigint NOT NULL,
    hlc bigint NOT NULL,
    site_id uuid NOT NULL
);

CREATE TABLE sync_tries (
    door text NOT NULL,
    address text NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    locked_until timestamp with time zone
);

CREATE TABLE tax_configurations (
    id uuid NOT NULL,
    hospital_id uuid NOT NULL,
    name text NOT NULL,
    rate_basis_points integer NOT NULL,
    is_inclusive boolean NOT NULL,
    applies_to character varying(24) NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_tax_configurations_rate_is_percent CHECK ((rate_basis_points BETWEEN 0 AND 10000)),
    CONSTRAINT ck_tax_configurations_taxscope CHECK ((applies_to IN ('ALL', 'SERVICES', 'MEDICINES', 'PRODUCTS'))),
    CONSTRAINT ck_tax_configurations_valid_span CHECK (((valid_to IS NULL) OR (valid_to >= valid_from)))
);

CREATE TABLE till_sessions (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    cashier_id uuid NOT NULL,
    workstation_id uuid,
    status character varying(24) NOT NULL,
    business_date date NOT NULL,
    opening_float bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    expected bigint,
    counted bigint,
    difference bigint,
    count_sheet text,
    note text,
    closed_at timestamp with time zone,
    closed_by uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    series text,
    CONSTRAINT ck_till_sessions_closed_is_counted CHECK ((((status)::text = 'OPEN'::text) OR ((closed_at IS NOT NULL) AND (counted IS NOT NULL) AND (expected IS NOT NULL)))),
    CONSTRAINT ck_till_sessions_difference_adds_up CHECK (((counted IS NULL) OR (difference = (counted - expected)))),
    CONSTRAINT ck_till_sessions_float_not_negative CHECK ((opening_float >= 0)),
    CONSTRAINT ck_till_sessions_open_is_not_counted CHECK ((((status)::text <> 'OPEN'::text) OR ((closed_at IS NULL) AND (counted IS NULL)))),
    CONSTRAINT ck_till_sessions_tillstatus CHECK ((status IN ('OPEN', 'CLOSED')))
);

CREATE TABLE time_slots (
    id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    slot_date date NOT NULL,
    start_time time without time zone NOT NULL,
    end_time time without time zone NOT NULL,
    capacity integer NOT NULL,
    room text,
    is_available boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_time_slots_capacity_sensible CHECK ((capacity BETWEEN 1 AND 50)),
    CONSTRAINT ck_time_slots_ends_after_start CHECK ((start_time < end_time))
);

CREATE TABLE user_roles (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_id uuid NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL
);

CREATE TABLE users (
    id uuid NOT NULL,
    username text NOT NULL,
    email text,
    full_name text NOT NULL,
    phone text,
    password_hash text,
    pin_hash text,
    status character varying(24) NOT NULL,
    failed_login_attempts integer NOT NULL,
    locked_until timestamp with time zone,
    last_login_at timestamp with time zone,
    must_change_password boolean NOT NULL,
    email_verified boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    pin_failures integer DEFAULT 0 NOT NULL,
    phone_verified boolean DEFAULT false NOT NULL,
    CONSTRAINT ck_users_failures_not_negative CHECK ((failed_login_attempts >= 0)),
    CONSTRAINT ck_users_pin_failures_not_negative CHECK ((pin_failures >= 0)),
    CONSTRAINT ck_users_username_small CHECK ((username = lower(username))),
    CONSTRAINT ck_users_userstatus CHECK ((status IN ('ACTIVE', 'DISABLED')))
);

CREATE TABLE visits (
    id uuid NOT NULL,
    appointment_id uuid,
    clinic_id uuid NOT NULL,
    doctor_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    service_id uuid NOT NULL,
    visit_type character varying(24) NOT NULL,
    status character varying(24) NOT NULL,
    business_date date NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    check_in_time timestamp with time zone,
    start_time timestamp with time zone,
    end_time timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_visits_ended_was_started CHECK (((end_time IS NULL) OR (start_time IS NOT NULL))),
    CONSTRAINT ck_visits_ends_after_start CHECK (((start_time IS NULL) OR (end_time IS NULL) OR (end_time >= start_time))),
    CONSTRAINT ck_visits_scheduled_has_appointment CHECK ((((visit_type)::text = 'WALK_IN'::text) OR (appointment_id IS NOT NULL))),
    CONSTRAINT ck_visits_visitstatus CHECK ((status IN ('SCHEDULED', 'WAITING', 'CALLED', 'IN_PROGRESS', 'PENDING_PAYMENT', 'COMPLETED', 'CANCELLED', 'LEFT'))),
    CONSTRAINT ck_visits_visittype CHECK ((visit_type IN ('SCHEDULED', 'WALK_IN')))
);

CREATE TABLE vital_signs (
    id uuid NOT NULL,
    visit_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    height integer,
    weight integer,
    temperature integer,
    pulse integer,
    systolic integer,
    diastolic integer,
    spo2 integer,
    respiratory_rate integer,
    glucose integer,
    taken_by uuid,
    taken_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_vital_signs_height_positive CHECK (((height IS NULL) OR (height > 0))),
    CONSTRAINT ck_vital_signs_spo2_percent CHECK (((spo2 IS NULL) OR (spo2 BETWEEN 0 AND 100))),
    CONSTRAINT ck_vital_signs_systolic_above_diastolic CHECK (((systolic IS NULL) OR (diastolic IS NULL) OR (systolic > diastolic))),
    CONSTRAINT ck_vital_signs_weight_positive CHECK (((weight IS NULL) OR (weight > 0)))
);

CREATE TABLE waiting_list (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    doctor_id uuid,
    service_id uuid NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    day_part character varying(24) NOT NULL,
    is_urgent boolean NOT NULL,
    note text,
    status character varying(24) NOT NULL,
    offered_doctor_id uuid,
    offered_start timestamp with time zone,
    offered_until timestamp with time zone,
    appointment_id uuid,
    created_by uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_waiting_list_booked_has_appointment CHECK ((((status)::text = 'BOOKED'::text) = (appointment_id IS NOT NULL))),
    CONSTRAINT ck_waiting_list_daypart CHECK ((day_part IN ('ANY', 'MORNING', 'AFTERNOON', 'EVENING'))),
    CONSTRAINT ck_waiting_list_days_in_order CHECK ((last_day >= first_day)),
    CONSTRAINT ck_waiting_list_offer_is_of_a_place CHECK ((((status)::text <> 'OFFERED'::text) OR ((offered_start IS NOT NULL) AND (offered_until IS NOT NULL)))),
    CONSTRAINT ck_waiting_list_offer_is_whole CHECK (((offered_start IS NULL) = (offered_doctor_id IS NULL))),
    CONSTRAINT ck_waiting_list_waitingstatus CHECK ((status IN ('WAITING', 'OFFERED', 'BOOKED', 'EXPIRED', 'WITHDRAWN')))
);

CREATE TABLE wallet_transactions (
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    sequence integer NOT NULL,
    type character varying(24) NOT NULL,
    amount bigint NOT NULL,
    balance_after bigint NOT NULL,
    description text,
    appointment_id uuid,
    invoice_id uuid,
    created_by uuid,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_wallet_transactions_amount_positive CHECK ((amount > 0)),
    CONSTRAINT ck_wallet_transactions_balance_not_negative CHECK ((balance_after >= 0)),
    CONSTRAINT ck_wallet_transactions_sequence_positive CHECK ((sequence > 0)),
    CONSTRAINT ck_wallet_transactions_walletkind CHECK ((type IN ('deposit', 'withdrawal', 'payment', 'refund')))
);

CREATE TABLE workstations (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    name text NOT NULL,
    kind character varying(24) NOT NULL,
    room text,
    printer_profiles text,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT ck_workstations_workstationkind CHECK ((kind IN ('FRONT_DESK', 'CONSULTING_ROOM', 'PHARMACY', 'CASHIER', 'DISPLAY', 'KIOSK')))
);

INSERT INTO access_stamp (id, stamp) VALUES (1, 1);

INSERT INTO alembic_version (version_num) VALUES ('0033');

INSERT INTO database_identity (database_id, site_id, site_code, currency, restored_from) VALUES ('{database_id}', '{site_id}', NULL, NULL, NULL);

INSERT INTO journal_head (id, seq, hash, hlc) VALUES (1, 0, '\x0000000000000000000000000000000000000000000000000000000000000000', 0);

ALTER TABLE ONLY alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT ex_appointments_doctor EXCLUDE USING gist (clinic_id WITH =, doctor_id WITH =, slot_place WITH =, tstzrange(start_time, end_time) WITH &&) WHERE ((status NOT IN ('CANCELLED', 'NO_SHOW')));

ALTER TABLE ONLY appointments
    ADD CONSTRAINT ex_appointments_patient EXCLUDE USING gist (clinic_id WITH =, patient_id WITH =, tstzrange(start_time, end_time) WITH &&) WHERE ((status NOT IN ('CANCELLED', 'NO_SHOW')));

ALTER TABLE ONLY appointments
    ADD CONSTRAINT ex_appointments_room EXCLUDE USING gist (clinic_id WITH =, lower(room) WITH =, doctor_id WITH <>, tstzrange(start_time, end_time) WITH &&) WHERE ((status NOT IN ('CANCELLED', 'NO_SHOW')));

ALTER TABLE ONLY access_stamp
    ADD CONSTRAINT pk_access_stamp PRIMARY KEY (id);

ALTER TABLE ONLY appointment_queue
    ADD CONSTRAINT pk_appointment_queue PRIMARY KEY (id);

ALTER TABLE ONLY appointment_services
    ADD CONSTRAINT pk_appointment_services PRIMARY KEY (id);

ALTER TABLE ONLY appointment_status_log
    ADD CONSTRAINT pk_appointment_status_log PRIMARY KEY (id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT pk_appointments PRIMARY KEY (id);

ALTER TABLE ONLY archives
    ADD CONSTRAINT pk_archives PRIMARY KEY (id);

ALTER TABLE ONLY audit_logs
    ADD CONSTRAINT pk_audit_logs PRIMARY KEY (seq, ordinal);

ALTER TABLE ONLY backup_service
    ADD CONSTRAINT pk_backup_service PRIMARY KEY (id);

ALTER TABLE ONLY backups
    ADD CONSTRAINT pk_backups PRIMARY KEY (id);

ALTER TABLE ONLY card_signing_keys
    ADD CONSTRAINT pk_card_signing_keys PRIMARY KEY (id);

ALTER TABLE ONLY card_templates
    ADD CONSTRAINT pk_card_templates PRIMARY KEY (id);

ALTER TABLE ONLY central_operator
    ADD CONSTRAINT pk_central_operator PRIMARY KEY (id);

ALTER TABLE ONLY central_sessions
    ADD CONSTRAINT pk_central_sessions PRIMARY KEY (hash);

ALTER TABLE ONLY channel_secrets
    ADD CONSTRAINT pk_channel_secrets PRIMARY KEY (id);

ALTER TABLE ONLY clinics
    ADD CONSTRAINT pk_clinics PRIMARY KEY (id);

ALTER TABLE ONLY command_keys
    ADD CONSTRAINT pk_command_keys PRIMARY KEY (key);

ALTER TABLE ONLY consent_templates
    ADD CONSTRAINT pk_consent_templates PRIMARY KEY (id);

ALTER TABLE ONLY consultation_addenda
    ADD CONSTRAINT pk_consultation_addenda PRIMARY KEY (id);

ALTER TABLE ONLY consultation_diagnoses
    ADD CONSTRAINT pk_consultation_diagnoses PRIMARY KEY (id);

ALTER TABLE ONLY consultations
    ADD CONSTRAINT pk_consultations PRIMARY KEY (id);

ALTER TABLE ONLY credit_note_items
    ADD CONSTRAINT pk_credit_note_items PRIMARY KEY (id);

ALTER TABLE ONLY credit_notes
    ADD CONSTRAINT pk_credit_notes PRIMARY KEY (id);

ALTER TABLE ONLY daily_settlement_lines
    ADD CONSTRAINT pk_daily_settlement_lines PRIMARY KEY (id);

ALTER TABLE ONLY daily_settlements
    ADD CONSTRAINT pk_daily_settlements PRIMARY KEY (id);

ALTER TABLE ONLY database_identity
    ADD CONSTRAINT pk_database_identity PRIMARY KEY (database_id);

ALTER TABLE ONLY departments
    ADD CONSTRAINT pk_departments PRIMARY KEY (id);

ALTER TABLE ONLY doctor_delays
    ADD CONSTRAINT pk_doctor_delays PRIMARY KEY (id);

ALTER TABLE ONLY doctor_fees
    ADD CONSTRAINT pk_doctor_fees PRIMARY KEY (id);

ALTER TABLE ONLY doctor_leaves
    ADD CONSTRAINT pk_doctor_leaves PRIMARY KEY (id);

ALTER TABLE ONLY doctor_ratings
    ADD CONSTRAINT pk_doctor_ratings PRIMARY KEY (id);

ALTER TABLE ONLY doctor_schedules
    ADD CONSTRAINT pk_doctor_schedules PRIMARY KEY (id);

ALTER TABLE ONLY doctor_settlements
    ADD CONSTRAINT pk_doctor_settlements PRIMARY KEY (id);

ALTER TABLE ONLY doctors
    ADD CONSTRAINT pk_doctors PRIMARY KEY (id);

ALTER TABLE ONLY document_blobs
    ADD CONSTRAINT pk_document_blobs PRIMARY KEY (sha256);

ALTER TABLE ONLY documents
    ADD CONSTRAINT pk_documents PRIMARY KEY (id);

ALTER TABLE ONLY drafts
    ADD CONSTRAINT pk_drafts PRIMARY KEY (user_id, screen);

ALTER TABLE ONLY former_number_formats
    ADD CONSTRAINT pk_former_number_formats PRIMARY KEY (id);

ALTER TABLE ONLY holidays
    ADD CONSTRAINT pk_holidays PRIMARY KEY (id);

ALTER TABLE ONLY hospital_settings
    ADD CONSTRAINT pk_hospital_settings PRIMARY KEY (id);

ALTER TABLE ONLY hospitals
    ADD CONSTRAINT pk_hospitals PRIMARY KEY (id);

ALTER TABLE ONLY id_cards
    ADD CONSTRAINT pk_id_cards PRIMARY KEY (id);

ALTER TABLE ONLY id_sequences
    ADD CONSTRAINT pk_id_sequences PRIMARY KEY (id);

ALTER TABLE ONLY inventory_items
    ADD CONSTRAINT pk_inventory_items PRIMARY KEY (id);

ALTER TABLE ONLY invoice_items
    ADD CONSTRAINT pk_invoice_items PRIMARY KEY (id);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT pk_invoices PRIMARY KEY (id);

ALTER TABLE ONLY journal
    ADD CONSTRAINT pk_journal PRIMARY KEY (seq);

ALTER TABLE ONLY journal_head
    ADD CONSTRAINT pk_journal_head PRIMARY KEY (id);

ALTER TABLE ONLY journal_origins
    ADD CONSTRAINT pk_journal_origins PRIMARY KEY (seq);

ALTER TABLE ONLY journal_secrets
    ADD CONSTRAINT pk_journal_secrets PRIMARY KEY (seq, ordinal, field);

ALTER TABLE ONLY key_vault
    ADD CONSTRAINT pk_key_vault PRIMARY KEY (id);

ALTER TABLE ONLY kiosk_tries
    ADD CONSTRAINT pk_kiosk_tries PRIMARY KEY (workstation_id);

ALTER TABLE ONLY login_failures
    ADD CONSTRAINT pk_login_failures PRIMARY KEY (id);

ALTER TABLE ONLY medicine_batches
    ADD CONSTRAINT pk_medicine_batches PRIMARY KEY (id);

ALTER TABLE ONLY medicines
    ADD CONSTRAINT pk_medicines PRIMARY KEY (id);

ALTER TABLE ONLY name_word_keys
    ADD CONSTRAINT pk_name_word_keys PRIMARY KEY (key, word);

ALTER TABLE ONLY name_words
    ADD CONSTRAINT pk_name_words PRIMARY KEY (word);

ALTER TABLE ONLY notification_queue
    ADD CONSTRAINT pk_notification_queue PRIMARY KEY (id);

ALTER TABLE ONLY notification_templates
    ADD CONSTRAINT pk_notification_templates PRIMARY KEY (id);

ALTER TABLE ONLY number_formats
    ADD CONSTRAINT pk_number_formats PRIMARY KEY (id);

ALTER TABLE ONLY otp_verifications
    ADD CONSTRAINT pk_otp_verifications PRIMARY KEY (id);

ALTER TABLE ONLY password_resets
    ADD CONSTRAINT pk_password_resets PRIMARY KEY (id);

ALTER TABLE ONLY patient_consents
    ADD CONSTRAINT pk_patient_consents PRIMARY KEY (id);

ALTER TABLE ONLY patient_documents
    ADD CONSTRAINT pk_patient_documents PRIMARY KEY (id);

ALTER TABLE ONLY patient_duplicates
    ADD CONSTRAINT pk_patient_duplicates PRIMARY KEY (id);

ALTER TABLE ONLY patient_identifiers
    ADD CONSTRAINT pk_patient_identifiers PRIMARY KEY (id);

ALTER TABLE ONLY patient_merges
    ADD CONSTRAINT pk_patient_merges PRIMARY KEY (id);

ALTER TABLE ONLY patients
    ADD CONSTRAINT pk_patients PRIMARY KEY (id);

ALTER TABLE ONLY payment_allocations
    ADD CONSTRAINT pk_payment_allocations PRIMARY KEY (id);

ALTER TABLE ONLY payments
    ADD CONSTRAINT pk_payments PRIMARY KEY (id);

ALTER TABLE ONLY permissions
    ADD CONSTRAINT pk_permissions PRIMARY KEY (id);

ALTER TABLE ONLY pharmacy_dispensing
    ADD CONSTRAINT pk_pharmacy_dispensing PRIMARY KEY (id);

ALTER TABLE ONLY pharmacy_dispensing_items
    ADD CONSTRAINT pk_pharmacy_dispensing_items PRIMARY KEY (id);

ALTER TABLE ONLY pharmacy_return_items
    ADD CONSTRAINT pk_pharmacy_return_items PRIMARY KEY (id);

ALTER TABLE ONLY pharmacy_returns
    ADD CONSTRAINT pk_pharmacy_returns PRIMARY KEY (id);

ALTER TABLE ONLY prescription_items
    ADD CONSTRAINT pk_prescription_items PRIMARY KEY (id);

ALTER TABLE ONLY prescription_template_items
    ADD CONSTRAINT pk_prescription_template_items PRIMARY KEY (id);

ALTER TABLE ONLY prescription_templates
    ADD CONSTRAINT pk_prescription_templates PRIMARY KEY (id);

ALTER TABLE ONLY prescription_versions
    ADD CONSTRAINT pk_prescription_versions PRIMARY KEY (id);

ALTER TABLE ONLY prescriptions
    ADD CONSTRAINT pk_prescriptions PRIMARY KEY (id);

ALTER TABLE ONLY privacy_requests
    ADD CONSTRAINT pk_privacy_requests PRIMARY KEY (id);

ALTER TABLE ONLY record_openings
    ADD CONSTRAINT pk_record_openings PRIMARY KEY (id);

ALTER TABLE ONLY refresh_tokens
    ADD CONSTRAINT pk_refresh_tokens PRIMARY KEY (id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT pk_refunds PRIMARY KEY (id);

ALTER TABLE ONLY reviews
    ADD CONSTRAINT pk_reviews PRIMARY KEY (id);

ALTER TABLE ONLY role_permissions
    ADD CONSTRAINT pk_role_permissions PRIMARY KEY (id);

ALTER TABLE ONLY roles
    ADD CONSTRAINT pk_roles PRIMARY KEY (id);

ALTER TABLE ONLY server_certificates
    ADD CONSTRAINT pk_server_certificates PRIMARY KEY (id);

ALTER TABLE ONLY services
    ADD CONSTRAINT pk_services PRIMARY KEY (id);

ALTER TABLE ONLY session_sightings
    ADD CONSTRAINT pk_session_sightings PRIMARY KEY (session_id);

ALTER TABLE ONLY sites
    ADD CONSTRAINT pk_sites PRIMARY KEY (id);

ALTER TABLE ONLY specialties
    ADD CONSTRAINT pk_specialties PRIMARY KEY (id);

ALTER TABLE ONLY stock_adjustment_lines
    ADD CONSTRAINT pk_stock_adjustment_lines PRIMARY KEY (id);

ALTER TABLE ONLY stock_adjustments
    ADD CONSTRAINT pk_stock_adjustments PRIMARY KEY (id);

ALTER TABLE ONLY stock_locations
    ADD CONSTRAINT pk_stock_locations PRIMARY KEY (id);

ALTER TABLE ONLY stock_movements
    ADD CONSTRAINT pk_stock_movements PRIMARY KEY (id);

ALTER TABLE ONLY suppliers
    ADD CONSTRAINT pk_suppliers PRIMARY KEY (id);

ALTER TABLE ONLY sync_conflicts
    ADD CONSTRAINT pk_sync_conflicts PRIMARY KEY (id);

ALTER TABLE ONLY sync_contacts
    ADD CONSTRAINT pk_sync_contacts PRIMARY KEY (site_id);

ALTER TABLE ONLY sync_document_parts
    ADD CONSTRAINT pk_sync_document_parts PRIMARY KEY (sha256, "offset");

ALTER TABLE ONLY sync_documents
    ADD CONSTRAINT pk_sync_documents PRIMARY KEY (sha256);

ALTER TABLE ONLY sync_enrolment_codes
    ADD CONSTRAINT pk_sync_enrolment_codes PRIMARY KEY (id);

ALTER TABLE ONLY sync_link
    ADD CONSTRAINT pk_sync_link PRIMARY KEY (id);

ALTER TABLE ONLY sync_load_pages
    ADD CONSTRAINT pk_sync_load_pages PRIMARY KEY (table_name, ordinal);

ALTER TABLE ONLY sync_parked
    ADD CONSTRAINT pk_sync_parked PRIMARY KEY (id);

ALTER TABLE ONLY sync_parked_rows
    ADD CONSTRAINT pk_sync_parked_rows PRIMARY KEY (parked_id, entity_type, entity_id);

ALTER TABLE ONLY sync_peers
    ADD CONSTRAINT pk_sync_peers PRIMARY KEY (site_id);

ALTER TABLE ONLY sync_service
    ADD CONSTRAINT pk_sync_service PRIMARY KEY (id);

ALTER TABLE ONLY sync_spent_challenges
    ADD CONSTRAINT pk_sync_spent_challenges PRIMARY KEY (challenge);

ALTER TABLE ONLY sync_taken
    ADD CONSTRAINT pk_sync_taken PRIMARY KEY (database_id);

ALTER TABLE ONLY sync_tombstones
    ADD CONSTRAINT pk_sync_tombstones PRIMARY KEY (entity_type, entity_id);

ALTER TABLE ONLY sync_tries
    ADD CONSTRAINT pk_sync_tries PRIMARY KEY (door, address);

ALTER TABLE ONLY tax_configurations
    ADD CONSTRAINT pk_tax_configurations PRIMARY KEY (id);

ALTER TABLE ONLY till_sessions
    ADD CONSTRAINT pk_till_sessions PRIMARY KEY (id);

ALTER TABLE ONLY time_slots
    ADD CONSTRAINT pk_time_slots PRIMARY KEY (id);

ALTER TABLE ONLY user_roles
    ADD CONSTRAINT pk_user_roles PRIMARY KEY (id);

ALTER TABLE ONLY users
    ADD CONSTRAINT pk_users PRIMARY KEY (id);

ALTER TABLE ONLY visits
    ADD CONSTRAINT pk_visits PRIMARY KEY (id);

ALTER TABLE ONLY vital_signs
    ADD CONSTRAINT pk_vital_signs PRIMARY KEY (id);

ALTER TABLE ONLY waiting_list
    ADD CONSTRAINT pk_waiting_list PRIMARY KEY (id);

ALTER TABLE ONLY wallet_transactions
    ADD CONSTRAINT pk_wallet_transactions PRIMARY KEY (id);

ALTER TABLE ONLY workstations
    ADD CONSTRAINT pk_workstations PRIMARY KEY (id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT uq_appointments_booking_id UNIQUE (booking_id);

ALTER TABLE ONLY archives
    ADD CONSTRAINT uq_archives_file_name UNIQUE (file_name);

ALTER TABLE ONLY card_signing_keys
    ADD CONSTRAINT uq_card_signing_keys_key_number UNIQUE (key_number);

ALTER TABLE ONLY card_templates
    ADD CONSTRAINT uq_card_templates_name_version UNIQUE (name, version);

ALTER TABLE ONLY channel_secrets
    ADD CONSTRAINT uq_channel_secrets_channel UNIQUE (channel);

ALTER TABLE ONLY clinics
    ADD CONSTRAINT uq_clinics_code UNIQUE (code);

ALTER TABLE ONLY consent_templates
    ADD CONSTRAINT uq_consent_templates_type_language_version UNIQUE (type, language, version);

ALTER TABLE ONLY consultations
    ADD CONSTRAINT uq_consultations_visit_id UNIQUE (visit_id);

ALTER TABLE ONLY credit_notes
    ADD CONSTRAINT uq_credit_notes_number UNIQUE (number);

ALTER TABLE ONLY daily_settlement_lines
    ADD CONSTRAINT uq_daily_settlement_lines_settlement_id_method_cashier_id UNIQUE (settlement_id, method, cashier_id);

ALTER TABLE ONLY daily_settlements
    ADD CONSTRAINT uq_daily_settlements_clinic_id_business_date UNIQUE (clinic_id, business_date);

ALTER TABLE ONLY departments
    ADD CONSTRAINT uq_departments_hospital_id_name UNIQUE (hospital_id, name);

ALTER TABLE ONLY doctor_delays
    ADD CONSTRAINT uq_doctor_delays_clinic_id_business_date_doctor_id UNIQUE (clinic_id, business_date, doctor_id);

ALTER TABLE ONLY doctor_fees
    ADD CONSTRAINT uq_doctor_fees_doctor_id_visit_type_valid_from UNIQUE (doctor_id, visit_type, valid_from);

ALTER TABLE ONLY doctor_ratings
    ADD CONSTRAINT uq_doctor_ratings_clinic_id_doctor_id UNIQUE (clinic_id, doctor_id);

ALTER TABLE ONLY doctor_settlements
    ADD CONSTRAINT uq_doctor_settlements_doctor_id_clinic_id_period_to UNIQUE (doctor_id, clinic_id, period_to);

ALTER TABLE ONLY doctors
    ADD CONSTRAINT uq_doctors_license_number UNIQUE (license_number);

ALTER TABLE ONLY doctors
    ADD CONSTRAINT uq_doctors_user_id UNIQUE (user_id);

ALTER TABLE ONLY documents
    ADD CONSTRAINT uq_documents_sha256 UNIQUE (sha256);

ALTER TABLE ONLY former_number_formats
    ADD CONSTRAINT uq_former_number_formats_id_sequence_id_last_number UNIQUE (id_sequence_id, last_number);

ALTER TABLE ONLY holidays
    ADD CONSTRAINT uq_holidays_clinic_id_day UNIQUE (clinic_id, day);

ALTER TABLE ONLY id_cards
    ADD CONSTRAINT uq_id_cards_card_number UNIQUE (card_number);

ALTER TABLE ONLY inventory_items
    ADD CONSTRAINT uq_inventory_items_barcode UNIQUE (barcode);

ALTER TABLE ONLY inventory_items
    ADD CONSTRAINT uq_inventory_items_code UNIQUE (code);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT uq_invoices_number UNIQUE (number);

ALTER TABLE ONLY login_failures
    ADD CONSTRAINT uq_login_failures_username_hash UNIQUE (username_hash);

ALTER TABLE ONLY medicines
    ADD CONSTRAINT uq_medicines_item_id UNIQUE (item_id);

ALTER TABLE ONLY notification_queue
    ADD CONSTRAINT uq_notification_queue_idempotency_key UNIQUE (idempotency_key);

ALTER TABLE ONLY notification_templates
    ADD CONSTRAINT uq_notification_templates_event_channel_language_version UNIQUE (event, channel, language, version);

ALTER TABLE ONLY number_formats
    ADD CONSTRAINT uq_number_formats_clinic_id_kind UNIQUE (clinic_id, kind);

ALTER TABLE ONLY password_resets
    ADD CONSTRAINT uq_password_resets_token_hash UNIQUE (token_hash);

ALTER TABLE ONLY patient_duplicates
    ADD CONSTRAINT uq_patient_duplicates_a_id_b_id UNIQUE (a_id, b_id);

ALTER TABLE ONLY patient_identifiers
    ADD CONSTRAINT uq_patient_identifiers_system_value UNIQUE (system, value);

ALTER TABLE ONLY patients
    ADD CONSTRAINT uq_patients_patient_number UNIQUE (patient_number);

ALTER TABLE ONLY patients
    ADD CONSTRAINT uq_patients_search_key UNIQUE (search_key);

ALTER TABLE ONLY payment_allocations
    ADD CONSTRAINT uq_payment_allocations_payment_id_invoice_id UNIQUE (payment_id, invoice_id);

ALTER TABLE ONLY payments
    ADD CONSTRAINT uq_payments_receipt_number_tender_index UNIQUE (receipt_number, tender_index);

ALTER TABLE ONLY permissions
    ADD CONSTRAINT uq_permissions_code UNIQUE (code);

ALTER TABLE ONLY prescription_template_items
    ADD CONSTRAINT uq_prescription_template_items_template_id_position UNIQUE (template_id, "position");

ALTER TABLE ONLY prescription_versions
    ADD CONSTRAINT uq_prescription_versions_prescription_id_version UNIQUE (prescription_id, version);

ALTER TABLE ONLY prescriptions
    ADD CONSTRAINT uq_prescriptions_number UNIQUE (number);

ALTER TABLE ONLY privacy_requests
    ADD CONSTRAINT uq_privacy_requests_number UNIQUE (number);

ALTER TABLE ONLY refresh_tokens
    ADD CONSTRAINT uq_refresh_tokens_token_hash UNIQUE (token_hash);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT uq_refunds_number UNIQUE (number);

ALTER TABLE ONLY reviews
    ADD CONSTRAINT uq_reviews_appointment_id UNIQUE (appointment_id);

ALTER TABLE ONLY reviews
    ADD CONSTRAINT uq_reviews_visit_id UNIQUE (visit_id);

ALTER TABLE ONLY role_permissions
    ADD CONSTRAINT uq_role_permissions_role_id_permission_id UNIQUE (role_id, permission_id);

ALTER TABLE ONLY roles
    ADD CONSTRAINT uq_roles_code UNIQUE (code);

ALTER TABLE ONLY services
    ADD CONSTRAINT uq_services_code UNIQUE (code);

ALTER TABLE ONLY sites
    ADD CONSTRAINT uq_sites_code UNIQUE (code);

ALTER TABLE ONLY specialties
    ADD CONSTRAINT uq_specialties_name UNIQUE (name);

ALTER TABLE ONLY stock_adjustment_lines
    ADD CONSTRAINT uq_stock_adjustment_lines_adjustment_id_batch_id UNIQUE (adjustment_id, batch_id);

ALTER TABLE ONLY stock_locations
    ADD CONSTRAINT uq_stock_locations_clinic_id_name UNIQUE (clinic_id, name);

ALTER TABLE ONLY stock_movements
    ADD CONSTRAINT uq_stock_movements_batch_id_entry_number UNIQUE (batch_id, entry_number);

ALTER TABLE ONLY suppliers
    ADD CONSTRAINT uq_suppliers_name UNIQUE (name);

ALTER TABLE ONLY sync_enrolment_codes
    ADD CONSTRAINT uq_sync_enrolment_codes_hash UNIQUE (hash);

ALTER TABLE ONLY sync_peers
    ADD CONSTRAINT uq_sync_peers_code UNIQUE (code);

ALTER TABLE ONLY tax_configurations
    ADD CONSTRAINT uq_tax_configurations_hospital_id_name_valid_from UNIQUE (hospital_id, name, valid_from);

ALTER TABLE ONLY user_roles
    ADD CONSTRAINT uq_user_roles_user_id_role_id UNIQUE (user_id, role_id);

ALTER TABLE ONLY users
    ADD CONSTRAINT uq_users_email UNIQUE (email);

ALTER TABLE ONLY users
    ADD CONSTRAINT uq_users_username UNIQUE (username);

ALTER TABLE ONLY wallet_transactions
    ADD CONSTRAINT uq_wallet_transactions_patient_id_clinic_id_sequence UNIQUE (patient_id, clinic_id, sequence);

ALTER TABLE ONLY workstations
    ADD CONSTRAINT uq_workstations_clinic_id_name UNIQUE (clinic_id, name);

CREATE INDEX ix_appointment_queue_announced ON appointment_queue USING btree (clinic_id, business_date, announced_at, queue_number);

CREATE INDEX ix_appointment_queue_doctor_id ON appointment_queue USING btree (doctor_id);

CREATE INDEX ix_appointment_queue_patient_id ON appointment_queue USING btree (patient_id);

CREATE INDEX ix_appointment_queue_visit_id ON appointment_queue USING btree (visit_id);

CREATE INDEX ix_appointment_services_appointment_id ON appointment_services USING btree (appointment_id);

CREATE INDEX ix_appointment_services_service_id ON appointment_services USING btree (service_id);

CREATE INDEX ix_appointment_status_log_appointment_id ON appointment_status_log USING btree (appointment_id);

CREATE INDEX ix_appointment_status_log_changed_by ON appointment_status_log USING btree (changed_by);

CREATE INDEX ix_appointment_status_log_visit ON appointment_status_log USING btree (visit_id, id);

CREATE INDEX ix_appointments_cancelled_by ON appointments USING btree (cancelled_by);

CREATE INDEX ix_appointments_completed_by ON appointments USING btree (completed_by);

CREATE INDEX ix_appointments_confirmed_by ON appointments USING btree (confirmed_by);

CREATE INDEX ix_appointments_created_by ON appointments USING btree (created_by);

CREATE INDEX ix_appointments_day ON appointments USING btree (clinic_id, business_date, start_time);

CREATE INDEX ix_appointments_doctor ON appointments USING btree (doctor_id, start_time);

CREATE INDEX ix_appointments_overtaken ON appointments USING btree (clinic_id, overtaken_start) WHERE (overtaken_start IS NOT NULL);

CREATE INDEX ix_appointments_overtaken_doctor_id ON appointments USING btree (overtaken_doctor_id);

CREATE INDEX ix_appointments_patient ON appointments USING btree (patient_id, start_time);

CREATE INDEX ix_appointments_series ON appointments USING btree (series_id, start_time) WHERE (series_id IS NOT NULL);

CREATE INDEX ix_appointments_service_id ON appointments USING btree (service_id);

CREATE INDEX ix_appointments_time_slot_id ON appointments USING btree (time_slot_id);

CREATE INDEX ix_audit_logs_entity ON audit_logs USING btree (entity_type, entity_id, seq);

CREATE INDEX ix_audit_logs_kind ON audit_logs USING btree (entity_type, seq);

CREATE INDEX ix_audit_logs_notes ON audit_logs USING btree (seq) WHERE (operation = 'N'::text);

CREATE INDEX ix_backups_started ON backups USING btree (started_at);

CREATE INDEX ix_backups_workstation_id ON backups USING btree (workstation_id);

CREATE INDEX ix_clinics_hospital_id ON clinics USING btree (hospital_id);

CREATE INDEX ix_clinics_site_id ON clinics USING btree (site_id);

CREATE INDEX ix_consent_templates_written_by ON consent_templates USING btree (written_by);

CREATE INDEX ix_consultation_addenda_consultation_id ON consultation_addenda USING btree (consultation_id);

CREATE INDEX ix_consultation_diagnoses_consultation_id ON consultation_diagnoses USING btree (consultation_id);

CREATE INDEX ix_consultations_doctor_day ON consultations USING btree (doctor_id, business_date);

CREATE INDEX ix_consultations_patient ON consultations USING btree (patient_id, business_date);

CREATE INDEX ix_credit_note_items_credit_note_id ON credit_note_items USING btree (credit_note_id);

CREATE INDEX ix_credit_note_items_invoice_item_id ON credit_note_items USING btree (invoice_item_id);

CREATE INDEX ix_credit_notes_day ON credit_notes USING btree (clinic_id, business_date);

CREATE INDEX ix_credit_notes_invoice_id ON credit_notes USING btree (invoice_id);

CREATE INDEX ix_credit_notes_patient_id ON credit_notes USING btree (patient_id);

CREATE INDEX ix_credit_notes_series ON credit_notes USING btree (clinic_id, business_date) WHERE (series IS NOT NULL);

CREATE INDEX ix_departments_head_doctor_id ON departments USING btree (head_doctor_id);

CREATE INDEX ix_doctor_delays_doctor_id ON doctor_delays USING btree (doctor_id);

CREATE INDEX ix_doctor_delays_said_by ON doctor_delays USING btree (said_by);

CREATE INDEX ix_doctor_leaves_decided_by_id ON doctor_leaves USING btree (decided_by_id);

CREATE INDEX ix_doctor_leaves_doctor_status ON doctor_leaves USING btree (doctor_id, status, first_day);

CREATE INDEX ix_doctor_leaves_requested_by_id ON doctor_leaves USING btree (requested_by_id);

CREATE INDEX ix_doctor_leaves_status_first ON doctor_leaves USING btree (status, first_day);

CREATE INDEX ix_doctor_ratings_doctor_id ON doctor_ratings USING btree (doctor_id);

CREATE INDEX ix_doctor_schedules_clinic_weekday ON doctor_schedules USING btree (clinic_id, weekday, start_time);

CREATE INDEX ix_doctor_schedules_doctor_weekday ON doctor_schedules USING btree (doctor_id, weekday, start_time);

CREATE INDEX ix_doctors_department_id ON doctors USING btree (department_id);

CREATE INDEX ix_doctors_specialty_id ON doctors USING btree (specialty_id);

CREATE INDEX ix_holidays_day ON holidays USING btree (day);

CREATE INDEX ix_holidays_hospital_id ON holidays USING btree (hospital_id);

CREATE INDEX ix_hospital_settings_hospital_id ON hospital_settings USING btree (hospital_id);

CREATE INDEX ix_hospital_settings_key ON hospital_settings USING btree (key);

CREATE INDEX ix_hospitals_logo_document_id ON hospitals USING btree (logo_document_id);

CREATE INDEX ix_id_cards_patient_id ON id_cards USING btree (patient_id);

CREATE INDEX ix_id_cards_template_id ON id_cards USING btree (template_id);

CREATE INDEX ix_id_cards_to_print ON id_cards USING btree (printed_at, issued_at, id) WHERE (revoked_at IS NULL);

CREATE INDEX ix_id_sequences_clinic_id ON id_sequences USING btree (clinic_id);

CREATE INDEX ix_inventory_items_active_name ON inventory_items USING btree (is_active, kind, name);

CREATE INDEX ix_inventory_items_tax_configuration_id ON inventory_items USING btree (tax_configuration_id);

CREATE INDEX ix_invoice_items_doctor ON invoice_items USING btree (doctor_id, invoice_id);

CREATE INDEX ix_invoice_items_invoice_id ON invoice_items USING btree (invoice_id);

CREATE INDEX ix_invoice_items_source ON invoice_items USING btree (source_type, source_id);

CREATE INDEX ix_invoices_day ON invoices USING btree (clinic_id, business_date, status);

CREATE INDEX ix_invoices_due ON invoices USING btree (clinic_id, status, due_date);

CREATE INDEX ix_invoices_patient ON invoices USING btree (patient_id, status, business_date);

CREATE INDEX ix_invoices_visit_id ON invoices USING btree (visit_id);

CREATE INDEX ix_journal_actor ON journal USING btree (actor_id, seq);

CREATE INDEX ix_journal_at ON journal USING btree (at, seq);

CREATE INDEX ix_journal_command ON journal USING btree (command, seq);

CREATE INDEX ix_journal_workstation ON journal USING btree (workstation_id, seq);

CREATE INDEX ix_medicine_batches_batch_number ON medicine_batches USING btree (batch_number);

CREATE INDEX ix_medicine_batches_location_expiry ON medicine_batches USING btree (location_id, expiry);

CREATE INDEX ix_medicine_batches_pickable ON medicine_batches USING btree (item_id, location_id, expiry) WHERE (quantity_on_hand > 0);

CREATE INDEX ix_medicine_batches_supplier_id ON medicine_batches USING btree (supplier_id);

CREATE INDEX ix_name_words_sound ON name_words USING btree (sound, word);

CREATE INDEX ix_notification_queue_appointment_id ON notification_queue USING btree (appointment_id);

CREATE INDEX ix_notification_queue_due ON notification_queue USING btree (status, next_attempt_at);

CREATE INDEX ix_notification_queue_patient_id ON notification_queue USING btree (patient_id);

CREATE INDEX ix_notification_templates_written_by ON notification_templates USING btree (written_by);

CREATE INDEX ix_otp_verifications_patient_purpose ON otp_verifications USING btree (patient_id, purpose, expires_at);

CREATE INDEX ix_otp_verifications_user_purpose ON otp_verifications USING btree (user_id, purpose, expires_at);

CREATE INDEX ix_password_resets_issued_by_id ON password_resets USING btree (issued_by_id);

CREATE INDEX ix_password_resets_user_expires ON password_resets USING btree (user_id, expires_at);

CREATE INDEX ix_patient_consents_patient_id ON patient_consents USING btree (patient_id);

CREATE INDEX ix_patient_consents_recorded_by ON patient_consents USING btree (recorded_by);

CREATE INDEX ix_patient_consents_signature_document_id ON patient_consents USING btree (signature_document_id);

CREATE INDEX ix_patient_consents_template_id ON patient_consents USING btree (template_id);

CREATE INDEX ix_patient_consents_withdrawn_by ON patient_consents USING btree (withdrawn_by);

CREATE INDEX ix_patient_consents_workstation_id ON patient_consents USING btree (workstation_id);

CREATE INDEX ix_patient_documents_document_id ON patient_documents USING btree (document_id);

CREATE INDEX ix_patient_documents_folder ON patient_documents USING btree (patient_id, is_archived, category);

CREATE INDEX ix_patient_documents_uploaded_by ON patient_documents USING btree (uploaded_by);

CREATE INDEX ix_patient_duplicates_a_id ON patient_duplicates USING btree (a_id);

CREATE INDEX ix_patient_duplicates_b_id ON patient_duplicates USING btree (b_id);

CREATE INDEX ix_patient_duplicates_decided_by ON patient_duplicates USING btree (decided_by);

CREATE INDEX ix_patient_duplicates_review ON patient_duplicates USING btree (status, score);

CREATE INDEX ix_patient_identifiers_patient_id ON patient_identifiers USING btree (patient_id);

CREATE INDEX ix_patient_identifiers_value ON patient_identifiers USING btree (value);

CREATE INDEX ix_patient_merges_kept_id ON patient_merges USING btree (kept_id);

CREATE INDEX ix_patient_merges_merged_by ON patient_merges USING btree (merged_by);

CREATE INDEX ix_patient_merges_merged_id ON patient_merges USING btree (merged_id);

CREATE INDEX ix_patient_merges_undone_by ON patient_merges USING btree (undone_by);

CREATE INDEX ix_patients_date_of_birth ON patients USING btree (date_of_birth);

CREATE INDEX ix_patients_full_name ON patients USING btree (full_name, id);

CREATE INDEX ix_patients_merged_into_id ON patients USING btree (merged_into_id) WHERE (merged_into_id IS NOT NULL);

CREATE INDEX ix_patients_name_key ON patients USING btree (name_key, date_of_birth);

CREATE INDEX ix_patients_national_id ON patients USING btree (national_id);

CREATE INDEX ix_patients_phone ON patients USING btree (phone);

CREATE INDEX ix_patients_phone_owner_id ON patients USING btree (phone_owner_id);

CREATE INDEX ix_patients_phone_tail ON patients USING btree (phone_tail);

CREATE INDEX ix_patients_photo_document_id ON patients USING btree (photo_document_id);

CREATE INDEX ix_patients_registered ON patients USING btree (clinic_id, created_at);

CREATE INDEX ix_patients_search ON patients USING gin (search_text gin_trgm_ops) WITH (fastupdate=off);

CREATE INDEX ix_patients_search_first ON patients USING gin (search_text gin_trgm_ops) WITH (fastupdate=off) WHERE (search_key < '72057594037927936'::bigint);

CREATE INDEX ix_payment_allocations_invoice_id ON payment_allocations USING btree (invoice_id);

CREATE INDEX ix_payments_day ON payments USING btree (clinic_id, business_date, method);

CREATE INDEX ix_payments_patient ON payments USING btree (patient_id, business_date);

CREATE INDEX ix_payments_till_session_id ON payments USING btree (till_session_id);

CREATE INDEX ix_pharmacy_dispensing_clinic_day ON pharmacy_dispensing USING btree (clinic_id, business_date);

CREATE INDEX ix_pharmacy_dispensing_items_batch_id ON pharmacy_dispensing_items USING btree (batch_id);

CREATE INDEX ix_pharmacy_dispensing_items_dispensing_id ON pharmacy_dispensing_items USING btree (dispensing_id);

CREATE INDEX ix_pharmacy_dispensing_items_item_id ON pharmacy_dispensing_items USING btree (item_id);

CREATE INDEX ix_pharmacy_dispensing_items_prescription_item_id ON pharmacy_dispensing_items USING btree (prescription_item_id);

CREATE INDEX ix_pharmacy_dispensing_patient ON pharmacy_dispensing USING btree (patient_id, dispensed_at);

CREATE INDEX ix_pharmacy_dispensing_prescription_id ON pharmacy_dispensing USING btree (prescription_id);

CREATE INDEX ix_pharmacy_dispensing_visit_id ON pharmacy_dispensing USING btree (visit_id);

CREATE INDEX ix_pharmacy_return_items_batch_id ON pharmacy_return_items USING btree (batch_id);

CREATE INDEX ix_pharmacy_return_items_dispensing_item_id ON pharmacy_return_items USING btree (dispensing_item_id);

CREATE INDEX ix_pharmacy_return_items_return_id ON pharmacy_return_items USING btree (return_id);

CREATE INDEX ix_pharmacy_returns_dispensing_id ON pharmacy_returns USING btree (dispensing_id);

CREATE INDEX ix_prescription_items_medicine_id ON prescription_items USING btree (medicine_id);

CREATE INDEX ix_prescription_items_prescription_id ON prescription_items USING btree (prescription_id);

CREATE INDEX ix_prescription_template_items_medicine_id ON prescription_template_items USING btree (medicine_id);

CREATE INDEX ix_prescription_templates_doctor ON prescription_templates USING btree (doctor_id, name);

CREATE INDEX ix_prescriptions_clinic_status ON prescriptions USING btree (clinic_id, status, business_date);

CREATE INDEX ix_prescriptions_patient ON prescriptions USING btree (patient_id, status);

CREATE INDEX ix_prescriptions_visit_id ON prescriptions USING btree (visit_id);

CREATE INDEX ix_privacy_requests_clinic_id ON privacy_requests USING btree (clinic_id);

CREATE INDEX ix_privacy_requests_decided_by ON privacy_requests USING btree (decided_by);

CREATE INDEX ix_privacy_requests_patient_id ON privacy_requests USING btree (patient_id);

CREATE INDEX ix_privacy_requests_recorded_by ON privacy_requests USING btree (recorded_by);

CREATE INDEX ix_privacy_requests_status ON privacy_requests USING btree (status, requested_at);

CREATE INDEX ix_record_openings_patient_id ON record_openings USING btree (patient_id);

CREATE INDEX ix_record_openings_review ON record_openings USING btree (reviewed_at, opened_at);

CREATE INDEX ix_record_openings_reviewed_by ON record_openings USING btree (reviewed_by);

CREATE INDEX ix_record_openings_user_patient ON record_openings USING btree (user_id, patient_id, expires_at);

CREATE INDEX ix_refresh_tokens_user_revoked ON refresh_tokens USING btree (user_id, revoked_at);

CREATE INDEX ix_refresh_tokens_workstation_id ON refresh_tokens USING btree (workstation_id);

CREATE INDEX ix_refunds_credit_note_id ON refunds USING btree (credit_note_id);

CREATE INDEX ix_refunds_day ON refunds USING btree (clinic_id, business_date, method);

CREATE INDEX ix_refunds_invoice_id ON refunds USING btree (invoice_id);

CREATE INDEX ix_refunds_payment_id ON refunds USING btree (payment_id);

CREATE INDEX ix_refunds_till_session_id ON refunds USING btree (till_session_id);

CREATE INDEX ix_reviews_doctor ON reviews USING btree (doctor_id, id);

CREATE INDEX ix_reviews_patient_id ON reviews USING btree (patient_id);

CREATE INDEX ix_role_permissions_permission_id ON role_permissions USING btree (permission_id);

CREATE INDEX ix_services_category_name ON services USING btree (is_active, category, name);

CREATE INDEX ix_services_department_id ON services USING btree (department_id);

CREATE INDEX ix_services_tax_configuration_id ON services USING btree (tax_configuration_id);

CREATE INDEX ix_stock_adjustment_lines_batch_id ON stock_adjustment_lines USING btree (batch_id);

CREATE INDEX ix_stock_adjustments_location_status ON stock_adjustments USING btree (location_id, status);

CREATE INDEX ix_stock_movements_moved_at ON stock_movements USING btree (moved_at);

CREATE INDEX ix_stock_movements_reference ON stock_movements USING btree (reference_type, reference_id);

CREATE INDEX ix_sync_conflicts_decided_by ON sync_conflicts USING btree (decided_by);

CREATE INDEX ix_sync_conflicts_entity ON sync_conflicts USING btree (entity_type, entity_id);

CREATE INDEX ix_sync_conflicts_open ON sync_conflicts USING btree (status, detected_at);

CREATE INDEX ix_sync_conflicts_patient_id ON sync_conflicts USING btree (patient_id);

CREATE INDEX ix_sync_parked_open ON sync_parked USING btree (resolved_at, parked_at);

CREATE INDEX ix_sync_parked_rows_entity_id ON sync_parked_rows USING btree (entity_id);

CREATE INDEX ix_sync_spent_challenges_spent_at ON sync_spent_challenges USING btree (spent_at);

CREATE INDEX ix_sync_taken_site_id ON sync_taken USING btree (site_id);

CREATE INDEX ix_sync_tries_last_at ON sync_tries USING btree (last_at);

CREATE INDEX ix_till_sessions_cashier ON till_sessions USING btree (cashier_id, status);

CREATE INDEX ix_till_sessions_day ON till_sessions USING btree (clinic_id, business_date, status);

CREATE INDEX ix_till_sessions_series ON till_sessions USING btree (clinic_id, business_date) WHERE (series IS NOT NULL);

CREATE INDEX ix_time_slots_clinic_date ON time_slots USING btree (clinic_id, slot_date, start_time);

CREATE INDEX ix_user_roles_role_id ON user_roles USING btree (role_id);

CREATE INDEX ix_users_status_full_name ON users USING btree (status, full_name);

CREATE INDEX ix_visits_day ON visits USING btree (clinic_id, business_date, planned_at, id);

CREATE INDEX ix_visits_doctor_day ON visits USING btree (doctor_id, business_date, status);

CREATE INDEX ix_visits_doctor_ended ON visits USING btree (doctor_id, end_time) WHERE (end_time IS NOT NULL);

CREATE INDEX ix_visits_patient ON visits USING btree (patient_id, business_date, id);

CREATE INDEX ix_visits_service_id ON visits USING btree (service_id);

CREATE INDEX ix_visits_status ON visits USING btree (clinic_id, business_date, status);

CREATE INDEX ix_vital_signs_patient ON vital_signs USING btree (patient_id, taken_at);

CREATE INDEX ix_vital_signs_visit_id ON vital_signs USING btree (visit_id);

CREATE INDEX ix_waiting_list_appointment_id ON waiting_list USING btree (appointment_id);

CREATE INDEX ix_waiting_list_created_by ON waiting_list USING btree (created_by);

CREATE INDEX ix_waiting_list_doctor_id ON waiting_list USING btree (doctor_id);

CREATE INDEX ix_waiting_list_offered_doctor_id ON waiting_list USING btree (offered_doctor_id);

CREATE INDEX ix_waiting_list_patient ON waiting_list USING btree (patient_id, status);

CREATE INDEX ix_waiting_list_service_id ON waiting_list USING btree (service_id);

CREATE INDEX ix_waiting_list_status ON waiting_list USING btree (clinic_id, status, last_day);

CREATE INDEX ix_wallet_transactions_appointment_id ON wallet_transactions USING btree (appointment_id);

CREATE INDEX ix_wallet_transactions_clinic_id ON wallet_transactions USING btree (clinic_id);

CREATE INDEX ix_wallet_transactions_created_by ON wallet_transactions USING btree (created_by);

CREATE INDEX ix_wallet_transactions_invoice_id ON wallet_transactions USING btree (invoice_id);

CREATE UNIQUE INDEX uq_appointment_queue_number ON appointment_queue USING btree (clinic_id, business_date, queue_number);

CREATE UNIQUE INDEX uq_appointment_queue_open ON appointment_queue USING btree (clinic_id, business_date, doctor_id, patient_id) WHERE ((state)::text = 'OPEN'::text);

CREATE UNIQUE INDEX uq_appointment_queue_visit ON appointment_queue USING btree (visit_id) WHERE ((state)::text <> 'VOID'::text);

CREATE UNIQUE INDEX uq_appointments_place ON appointments USING btree (clinic_id, doctor_id, start_time, slot_place) WHERE (status NOT IN ('CANCELLED', 'NO_SHOW'));

CREATE UNIQUE INDEX uq_archives_last_seq ON archives USING btree (last_seq) WHERE (last_seq IS NOT NULL);

CREATE UNIQUE INDEX uq_backups_running ON backups USING btree (folder) WHERE (finished_at IS NULL);

CREATE UNIQUE INDEX uq_card_templates_default ON card_templates USING btree (is_default) WHERE is_default;

CREATE UNIQUE INDEX uq_clinics_main ON clinics USING btree (hospital_id) WHERE is_main;

CREATE UNIQUE INDEX uq_consultation_diagnoses_live ON consultation_diagnoses USING btree (consultation_id, code_system, code, text) WHERE (removed_at IS NULL);

CREATE UNIQUE INDEX uq_holidays_hospital_day ON holidays USING btree (hospital_id, day) WHERE (clinic_id IS NULL);

CREATE UNIQUE INDEX uq_hospital_settings_clinic ON hospital_settings USING btree (clinic_id, key);

CREATE UNIQUE INDEX uq_hospital_settings_hospital ON hospital_settings USING btree (hospital_id, key) WHERE ((scope)::text = 'HOSPITAL'::text);

CREATE UNIQUE INDEX uq_hospital_settings_workstation ON hospital_settings USING btree (workstation_id, key);

CREATE UNIQUE INDEX uq_id_cards_in_use ON id_cards USING btree (patient_id) WHERE (revoked_at IS NULL);

CREATE UNIQUE INDEX uq_id_sequences_series ON id_sequences USING btree (kind, clinic_id, year, series);

CREATE UNIQUE INDEX uq_invoices_visit_draft ON invoices USING btree (visit_id) WHERE ((status)::text = 'DRAFT'::text);

CREATE UNIQUE INDEX uq_journal_origins_origin ON journal_origins USING btree (database_id, origin_seq);

CREATE UNIQUE INDEX uq_medicine_batches_dated ON medicine_batches USING btree (item_id, location_id, batch_number, expiry, origin) WHERE (expiry IS NOT NULL);

CREATE UNIQUE INDEX uq_medicine_batches_undated ON medicine_batches USING btree (item_id, location_id, batch_number, origin) WHERE (expiry IS NULL);

CREATE UNIQUE INDEX uq_patients_phone_owned ON patients USING btree (phone) WHERE ((phone IS NOT NULL) AND (phone_owner_id IS NULL) AND ((status)::text <> 'MERGED'::text));

CREATE UNIQUE INDEX uq_payments_transaction_id ON payments USING btree (clinic_id, transaction_id);

CREATE UNIQUE INDEX uq_prescription_items_position ON prescription_items USING btree (prescription_id, "position") WHERE (removed_at IS NULL);

CREATE UNIQUE INDEX uq_sync_enrolment_codes_open ON sync_enrolment_codes USING btree (site_code) WHERE ((used_at IS NULL) AND (withdrawn_at IS NULL));

CREATE UNIQUE INDEX uq_sync_parked_origin ON sync_parked USING btree (database_id, origin_seq);

CREATE UNIQUE INDEX uq_till_sessions_open ON till_sessions USING btree (cashier_id, clinic_id) WHERE (((status)::text = 'OPEN'::text) AND (series IS NULL));

CREATE UNIQUE INDEX uq_time_slots_start ON time_slots USING btree (clinic_id, doctor_id, slot_date, start_time);

CREATE UNIQUE INDEX uq_visits_appointment ON visits USING btree (appointment_id) WHERE (appointment_id IS NOT NULL);

CREATE TRIGGER appointment_status_log_append_only BEFORE DELETE OR UPDATE ON appointment_status_log FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE appointment_status_log ENABLE ALWAYS TRIGGER appointment_status_log_append_only;

CREATE TRIGGER appointment_status_log_no_truncate BEFORE TRUNCATE ON appointment_status_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE appointment_status_log ENABLE ALWAYS TRIGGER appointment_status_log_no_truncate;

CREATE TRIGGER audit_logs_append_only BEFORE DELETE OR UPDATE ON audit_logs FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER audit_logs_append_only;

CREATE TRIGGER audit_logs_no_truncate BEFORE TRUNCATE ON audit_logs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER audit_logs_no_truncate;

CREATE TRIGGER consent_templates_text BEFORE UPDATE OF type, language, version, title, body, valid_from, is_draft ON consent_templates FOR EACH ROW EXECUTE FUNCTION consent_templates_text();

ALTER TABLE consent_templates ENABLE ALWAYS TRIGGER consent_templates_text;

CREATE TRIGGER consultation_addenda_append_only BEFORE DELETE OR UPDATE ON consultation_addenda FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE consultation_addenda ENABLE ALWAYS TRIGGER consultation_addenda_append_only;

CREATE TRIGGER consultation_addenda_no_truncate BEFORE TRUNCATE ON consultation_addenda FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE consultation_addenda ENABLE ALWAYS TRIGGER consultation_addenda_no_truncate;

CREATE TRIGGER consultation_diagnoses_signed_delete BEFORE DELETE ON consultation_diagnoses FOR EACH ROW EXECUTE FUNCTION consultation_diagnoses_signed_delete();

ALTER TABLE consultation_diagnoses ENABLE ALWAYS TRIGGER consultation_diagnoses_signed_delete;

CREATE TRIGGER consultation_diagnoses_signed_insert BEFORE INSERT ON consultation_diagnoses FOR EACH ROW EXECUTE FUNCTION consultation_diagnoses_signed_insert();

ALTER TABLE consultation_diagnoses ENABLE ALWAYS TRIGGER consultation_diagnoses_signed_insert;

CREATE TRIGGER consultation_diagnoses_signed_update BEFORE UPDATE ON consultation_diagnoses FOR EACH ROW EXECUTE FUNCTION consultation_diagnoses_signed_update();

ALTER TABLE consultation_diagnoses ENABLE ALWAYS TRIGGER consultation_diagnoses_signed_update;

CREATE TRIGGER consultations_signed_delete BEFORE DELETE ON consultations FOR EACH ROW EXECUTE FUNCTION consultations_signed_delete();

ALTER TABLE consultations ENABLE ALWAYS TRIGGER consultations_signed_delete;

CREATE TRIGGER consultations_signed_update BEFORE UPDATE ON consultations FOR EACH ROW EXECUTE FUNCTION consultations_signed_update();

ALTER TABLE consultations ENABLE ALWAYS TRIGGER consultations_signed_update;

CREATE TRIGGER credit_note_items_append_only BEFORE DELETE OR UPDATE ON credit_note_items FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE credit_note_items ENABLE ALWAYS TRIGGER credit_note_items_append_only;

CREATE TRIGGER credit_note_items_no_truncate BEFORE TRUNCATE ON credit_note_items FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE credit_note_items ENABLE ALWAYS TRIGGER credit_note_items_no_truncate;

CREATE TRIGGER credit_notes_append_only BEFORE DELETE OR UPDATE ON credit_notes FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE credit_notes ENABLE ALWAYS TRIGGER credit_notes_append_only;

CREATE TRIGGER credit_notes_day_open BEFORE INSERT ON credit_notes FOR EACH ROW EXECUTE FUNCTION refuse_credit_notes_day_open();

ALTER TABLE credit_notes ENABLE ALWAYS TRIGGER credit_notes_day_open;

CREATE TRIGGER credit_notes_no_truncate BEFORE TRUNCATE ON credit_notes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE credit_notes ENABLE ALWAYS TRIGGER credit_notes_no_truncate;

CREATE TRIGGER daily_settlement_lines_append_only BEFORE DELETE OR UPDATE ON daily_settlement_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE daily_settlement_lines ENABLE ALWAYS TRIGGER daily_settlement_lines_append_only;

CREATE TRIGGER daily_settlement_lines_no_truncate BEFORE TRUNCATE ON daily_settlement_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE daily_settlement_lines ENABLE ALWAYS TRIGGER daily_settlement_lines_no_truncate;

CREATE TRIGGER daily_settlements_append_only BEFORE DELETE OR UPDATE ON daily_settlements FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE daily_settlements ENABLE ALWAYS TRIGGER daily_settlements_append_only;

CREATE TRIGGER daily_settlements_no_truncate BEFORE TRUNCATE ON daily_settlements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE daily_settlements ENABLE ALWAYS TRIGGER daily_settlements_no_truncate;

CREATE TRIGGER doctor_settlements_append_only BEFORE DELETE OR UPDATE ON doctor_settlements FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE doctor_settlements ENABLE ALWAYS TRIGGER doctor_settlements_append_only;

CREATE TRIGGER doctor_settlements_no_truncate BEFORE TRUNCATE ON doctor_settlements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE doctor_settlements ENABLE ALWAYS TRIGGER doctor_settlements_no_truncate;

CREATE TRIGGER invoice_items_frozen BEFORE UPDATE ON invoice_items FOR EACH ROW EXECUTE FUNCTION refuse_invoice_items_frozen();

ALTER TABLE invoice_items ENABLE ALWAYS TRIGGER invoice_items_frozen;

CREATE TRIGGER invoice_items_never_truncate BEFORE TRUNCATE ON invoice_items FOR EACH STATEMENT EXECUTE FUNCTION refuse_billing_truncate();

ALTER TABLE invoice_items ENABLE ALWAYS TRIGGER invoice_items_never_truncate;

CREATE TRIGGER invoice_items_no_delete BEFORE DELETE ON invoice_items FOR EACH ROW EXECUTE FUNCTION refuse_invoice_items_no_delete();

ALTER TABLE invoice_items ENABLE ALWAYS TRIGGER invoice_items_no_delete;

CREATE TRIGGER invoice_items_within_total BEFORE INSERT ON invoice_items FOR EACH ROW EXECUTE FUNCTION refuse_invoice_items_within_total();

ALTER TABLE invoice_items ENABLE ALWAYS TRIGGER invoice_items_within_total;

CREATE TRIGGER invoices_frozen BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION refuse_invoices_frozen();

ALTER TABLE invoices ENABLE ALWAYS TRIGGER invoices_frozen;

CREATE TRIGGER invoices_never_truncate BEFORE TRUNCATE ON invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_billing_truncate();

ALTER TABLE invoices ENABLE ALWAYS TRIGGER invoices_never_truncate;

CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices FOR EACH ROW EXECUTE FUNCTION refuse_invoices_no_delete();

ALTER TABLE invoices ENABLE ALWAYS TRIGGER invoices_no_delete;

CREATE TRIGGER journal_append_only BEFORE DELETE OR UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE journal ENABLE ALWAYS TRIGGER journal_append_only;

CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE journal ENABLE ALWAYS TRIGGER journal_no_truncate;

CREATE TRIGGER journal_origins_append_only BEFORE DELETE OR UPDATE ON journal_origins FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE journal_origins ENABLE ALWAYS TRIGGER journal_origins_append_only;

CREATE TRIGGER journal_origins_no_truncate BEFORE TRUNCATE ON journal_origins FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE journal_origins ENABLE ALWAYS TRIGGER journal_origins_no_truncate;

CREATE TRIGGER patient_consents_signed BEFORE UPDATE OF type, template_id, template_version, signed_at, signed_as, guardian, signature_document_id, witness ON patient_consents FOR EACH ROW EXECUTE FUNCTION patient_consents_signed();

ALTER TABLE patient_consents ENABLE ALWAYS TRIGGER patient_consents_signed;

CREATE TRIGGER patient_consents_withdrawn BEFORE UPDATE OF withdrawn_at ON patient_consents FOR EACH ROW EXECUTE FUNCTION patient_consents_withdrawn();

ALTER TABLE patient_consents ENABLE ALWAYS TRIGGER patient_consents_withdrawn;

CREATE TRIGGER patients_name_words_delete AFTER DELETE ON patients REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION forget_name_words();

CREATE TRIGGER patients_name_words_insert AFTER INSERT ON patients REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION learn_name_words();

CREATE TRIGGER patients_name_words_update AFTER UPDATE ON patients REFERENCING OLD TABLE AS before NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION relearn_name_words();

CREATE TRIGGER payment_allocations_append_only BEFORE DELETE OR UPDATE ON payment_allocations FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE payment_allocations ENABLE ALWAYS TRIGGER payment_allocations_append_only;

CREATE TRIGGER payment_allocations_no_truncate BEFORE TRUNCATE ON payment_allocations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE payment_allocations ENABLE ALWAYS TRIGGER payment_allocations_no_truncate;

CREATE TRIGGER payments_append_only BEFORE DELETE OR UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE payments ENABLE ALWAYS TRIGGER payments_append_only;

CREATE TRIGGER payments_day_open BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION refuse_payments_day_open();

ALTER TABLE payments ENABLE ALWAYS TRIGGER payments_day_open;

CREATE TRIGGER payments_no_truncate BEFORE TRUNCATE ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE payments ENABLE ALWAYS TRIGGER payments_no_truncate;

CREATE TRIGGER prescription_items_sealed_delete BEFORE DELETE ON prescription_items FOR EACH ROW EXECUTE FUNCTION prescription_items_sealed_delete();

ALTER TABLE prescription_items ENABLE ALWAYS TRIGGER prescription_items_sealed_delete;

CREATE TRIGGER prescription_items_sealed_insert BEFORE INSERT ON prescription_items FOR EACH ROW EXECUTE FUNCTION prescription_items_sealed_insert();

ALTER TABLE prescription_items ENABLE ALWAYS TRIGGER prescription_items_sealed_insert;

CREATE TRIGGER prescription_items_sealed_update BEFORE UPDATE OF prescription_id, "position", medicine_id, dose, unit, route, frequency, duration_days, quantity, instructions, substitution_allowed, removed_at ON prescription_items FOR EACH ROW EXECUTE FUNCTION prescription_items_sealed_update();

ALTER TABLE prescription_items ENABLE ALWAYS TRIGGER prescription_items_sealed_update;

CREATE TRIGGER prescription_versions_append_only BEFORE DELETE OR UPDATE ON prescription_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE prescription_versions ENABLE ALWAYS TRIGGER prescription_versions_append_only;

CREATE TRIGGER prescription_versions_no_truncate BEFORE TRUNCATE ON prescription_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE prescription_versions ENABLE ALWAYS TRIGGER prescription_versions_no_truncate;

CREATE TRIGGER prescriptions_sealed_delete BEFORE DELETE ON prescriptions FOR EACH ROW EXECUTE FUNCTION prescriptions_sealed_delete();

ALTER TABLE prescriptions ENABLE ALWAYS TRIGGER prescriptions_sealed_delete;

CREATE TRIGGER prescriptions_sealed_reopen BEFORE UPDATE OF status ON prescriptions FOR EACH ROW EXECUTE FUNCTION prescriptions_sealed_reopen();

ALTER TABLE prescriptions ENABLE ALWAYS TRIGGER prescriptions_sealed_reopen;

CREATE TRIGGER prescriptions_sealed_update BEFORE UPDATE OF number, clinic_id, patient_id, doctor_id, visit_id, business_date, diagnosis, notes, follow_up_date, valid_until, version, override_reason, activated_at ON prescriptions FOR EACH ROW EXECUTE FUNCTION prescriptions_sealed_update();

ALTER TABLE prescriptions ENABLE ALWAYS TRIGGER prescriptions_sealed_update;

CREATE TRIGGER refunds_append_only BEFORE DELETE OR UPDATE ON refunds FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE refunds ENABLE ALWAYS TRIGGER refunds_append_only;

CREATE TRIGGER refunds_day_open BEFORE INSERT ON refunds FOR EACH ROW EXECUTE FUNCTION refuse_refunds_day_open();

ALTER TABLE refunds ENABLE ALWAYS TRIGGER refunds_day_open;

CREATE TRIGGER refunds_no_truncate BEFORE TRUNCATE ON refunds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE refunds ENABLE ALWAYS TRIGGER refunds_no_truncate;

CREATE TRIGGER stock_movements_append_only BEFORE DELETE OR UPDATE ON stock_movements FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE stock_movements ENABLE ALWAYS TRIGGER stock_movements_append_only;

CREATE TRIGGER stock_movements_no_truncate BEFORE TRUNCATE ON stock_movements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE stock_movements ENABLE ALWAYS TRIGGER stock_movements_no_truncate;

CREATE TRIGGER till_sessions_frozen BEFORE UPDATE ON till_sessions FOR EACH ROW EXECUTE FUNCTION refuse_till_sessions_frozen();

ALTER TABLE till_sessions ENABLE ALWAYS TRIGGER till_sessions_frozen;

CREATE TRIGGER till_sessions_never_truncate BEFORE TRUNCATE ON till_sessions FOR EACH STATEMENT EXECUTE FUNCTION refuse_billing_truncate();

ALTER TABLE till_sessions ENABLE ALWAYS TRIGGER till_sessions_never_truncate;

CREATE TRIGGER till_sessions_no_delete BEFORE DELETE ON till_sessions FOR EACH ROW EXECUTE FUNCTION refuse_till_sessions_no_delete();

ALTER TABLE till_sessions ENABLE ALWAYS TRIGGER till_sessions_no_delete;

CREATE TRIGGER wallet_transactions_append_only BEFORE DELETE OR UPDATE ON wallet_transactions FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE wallet_transactions ENABLE ALWAYS TRIGGER wallet_transactions_append_only;

CREATE TRIGGER wallet_transactions_no_truncate BEFORE TRUNCATE ON wallet_transactions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE wallet_transactions ENABLE ALWAYS TRIGGER wallet_transactions_no_truncate;

ALTER TABLE ONLY appointment_queue
    ADD CONSTRAINT fk_appointment_queue_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY appointment_queue
    ADD CONSTRAINT fk_appointment_queue_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY appointment_queue
    ADD CONSTRAINT fk_appointment_queue_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY appointment_queue
    ADD CONSTRAINT fk_appointment_queue_visit_id FOREIGN KEY (visit_id) REFERENCES visits(id);

ALTER TABLE ONLY appointment_services
    ADD CONSTRAINT fk_appointment_services_appointment_id FOREIGN KEY (appointment_id) REFERENCES appointments(id);

ALTER TABLE ONLY appointment_services
    ADD CONSTRAINT fk_appointment_services_service_id FOREIGN KEY (service_id) REFERENCES services(id);

ALTER TABLE ONLY appointment_status_log
    ADD CONSTRAINT fk_appointment_status_log_appointment_id FOREIGN KEY (appointment_id) REFERENCES appointments(id);

ALTER TABLE ONLY appointment_status_log
    ADD CONSTRAINT fk_appointment_status_log_changed_by FOREIGN KEY (changed_by) REFERENCES users(id);

ALTER TABLE ONLY appointment_status_log
    ADD CONSTRAINT fk_appointment_status_log_visit_id FOREIGN KEY (visit_id) REFERENCES visits(id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT fk_appointments_cancelled_by FOREIGN KEY (cancelled_by) REFERENCES users(id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT fk_appointments_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT fk_appointments_completed_by FOREIGN KEY (completed_by) REFERENCES users(id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT fk_appointments_confirmed_by FOREIGN KEY (confirmed_by) REFERENCES users(id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT fk_appointments_created_by FOREIGN KEY (created_by) REFERENCES users(id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT fk_appointments_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT fk_appointments_overtaken_doctor_id FOREIGN KEY (overtaken_doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT fk_appointments_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT fk_appointments_service_id FOREIGN KEY (service_id) REFERENCES services(id);

ALTER TABLE ONLY appointments
    ADD CONSTRAINT fk_appointments_time_slot_id FOREIGN KEY (time_slot_id) REFERENCES time_slots(id);

ALTER TABLE ONLY backups
    ADD CONSTRAINT fk_backups_workstation_id FOREIGN KEY (workstation_id) REFERENCES workstations(id);

ALTER TABLE ONLY clinics
    ADD CONSTRAINT fk_clinics_hospital_id FOREIGN KEY (hospital_id) REFERENCES hospitals(id);

ALTER TABLE ONLY clinics
    ADD CONSTRAINT fk_clinics_site_id FOREIGN KEY (site_id) REFERENCES sites(id);

ALTER TABLE ONLY consent_templates
    ADD CONSTRAINT fk_consent_templates_written_by FOREIGN KEY (written_by) REFERENCES users(id);

ALTER TABLE ONLY consultation_addenda
    ADD CONSTRAINT fk_consultation_addenda_consultation_id FOREIGN KEY (consultation_id) REFERENCES consultations(id);

ALTER TABLE ONLY consultation_addenda
    ADD CONSTRAINT fk_consultation_addenda_written_by FOREIGN KEY (written_by) REFERENCES users(id);

ALTER TABLE ONLY consultation_diagnoses
    ADD CONSTRAINT fk_consultation_diagnoses_consultation_id FOREIGN KEY (consultation_id) REFERENCES consultations(id);

ALTER TABLE ONLY consultations
    ADD CONSTRAINT fk_consultations_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY consultations
    ADD CONSTRAINT fk_consultations_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY consultations
    ADD CONSTRAINT fk_consultations_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY consultations
    ADD CONSTRAINT fk_consultations_signed_by FOREIGN KEY (signed_by) REFERENCES users(id);

ALTER TABLE ONLY consultations
    ADD CONSTRAINT fk_consultations_visit_id FOREIGN KEY (visit_id) REFERENCES visits(id);

ALTER TABLE ONLY credit_note_items
    ADD CONSTRAINT fk_credit_note_items_credit_note_id FOREIGN KEY (credit_note_id) REFERENCES credit_notes(id);

ALTER TABLE ONLY credit_note_items
    ADD CONSTRAINT fk_credit_note_items_invoice_item_id FOREIGN KEY (invoice_item_id) REFERENCES invoice_items(id);

ALTER TABLE ONLY credit_notes
    ADD CONSTRAINT fk_credit_notes_approved_by FOREIGN KEY (approved_by) REFERENCES users(id);

ALTER TABLE ONLY credit_notes
    ADD CONSTRAINT fk_credit_notes_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY credit_notes
    ADD CONSTRAINT fk_credit_notes_invoice_id FOREIGN KEY (invoice_id) REFERENCES invoices(id);

ALTER TABLE ONLY credit_notes
    ADD CONSTRAINT fk_credit_notes_issued_by FOREIGN KEY (issued_by) REFERENCES users(id);

ALTER TABLE ONLY credit_notes
    ADD CONSTRAINT fk_credit_notes_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY daily_settlement_lines
    ADD CONSTRAINT fk_daily_settlement_lines_cashier_id FOREIGN KEY (cashier_id) REFERENCES users(id);

ALTER TABLE ONLY daily_settlement_lines
    ADD CONSTRAINT fk_daily_settlement_lines_settlement_id FOREIGN KEY (settlement_id) REFERENCES daily_settlements(id);

ALTER TABLE ONLY daily_settlements
    ADD CONSTRAINT fk_daily_settlements_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY daily_settlements
    ADD CONSTRAINT fk_daily_settlements_signed_off_by FOREIGN KEY (signed_off_by) REFERENCES users(id);

ALTER TABLE ONLY departments
    ADD CONSTRAINT fk_departments_head_doctor_id FOREIGN KEY (head_doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY departments
    ADD CONSTRAINT fk_departments_hospital_id FOREIGN KEY (hospital_id) REFERENCES hospitals(id);

ALTER TABLE ONLY doctor_delays
    ADD CONSTRAINT fk_doctor_delays_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY doctor_delays
    ADD CONSTRAINT fk_doctor_delays_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY doctor_delays
    ADD CONSTRAINT fk_doctor_delays_said_by FOREIGN KEY (said_by) REFERENCES users(id);

ALTER TABLE ONLY doctor_fees
    ADD CONSTRAINT fk_doctor_fees_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY doctor_leaves
    ADD CONSTRAINT fk_doctor_leaves_decided_by_id FOREIGN KEY (decided_by_id) REFERENCES users(id);

ALTER TABLE ONLY doctor_leaves
    ADD CONSTRAINT fk_doctor_leaves_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY doctor_leaves
    ADD CONSTRAINT fk_doctor_leaves_requested_by_id FOREIGN KEY (requested_by_id) REFERENCES users(id);

ALTER TABLE ONLY doctor_ratings
    ADD CONSTRAINT fk_doctor_ratings_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY doctor_ratings
    ADD CONSTRAINT fk_doctor_ratings_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY doctor_schedules
    ADD CONSTRAINT fk_doctor_schedules_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY doctor_schedules
    ADD CONSTRAINT fk_doctor_schedules_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY doctor_settlements
    ADD CONSTRAINT fk_doctor_settlements_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY doctor_settlements
    ADD CONSTRAINT fk_doctor_settlements_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY doctor_settlements
    ADD CONSTRAINT fk_doctor_settlements_settled_by FOREIGN KEY (settled_by) REFERENCES users(id);

ALTER TABLE ONLY doctors
    ADD CONSTRAINT fk_doctors_department_id FOREIGN KEY (department_id) REFERENCES departments(id);

ALTER TABLE ONLY doctors
    ADD CONSTRAINT fk_doctors_specialty_id FOREIGN KEY (specialty_id) REFERENCES specialties(id);

ALTER TABLE ONLY doctors
    ADD CONSTRAINT fk_doctors_user_id FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY drafts
    ADD CONSTRAINT fk_drafts_user_id FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY former_number_formats
    ADD CONSTRAINT fk_former_number_formats_id_sequence_id FOREIGN KEY (id_sequence_id) REFERENCES id_sequences(id);

ALTER TABLE ONLY holidays
    ADD CONSTRAINT fk_holidays_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY holidays
    ADD CONSTRAINT fk_holidays_hospital_id FOREIGN KEY (hospital_id) REFERENCES hospitals(id);

ALTER TABLE ONLY hospital_settings
    ADD CONSTRAINT fk_hospital_settings_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY hospital_settings
    ADD CONSTRAINT fk_hospital_settings_hospital_id FOREIGN KEY (hospital_id) REFERENCES hospitals(id);

ALTER TABLE ONLY hospital_settings
    ADD CONSTRAINT fk_hospital_settings_workstation_id FOREIGN KEY (workstation_id) REFERENCES workstations(id);

ALTER TABLE ONLY hospitals
    ADD CONSTRAINT fk_hospitals_logo_document_id FOREIGN KEY (logo_document_id) REFERENCES documents(id);

ALTER TABLE ONLY id_cards
    ADD CONSTRAINT fk_id_cards_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY id_cards
    ADD CONSTRAINT fk_id_cards_template_id FOREIGN KEY (template_id) REFERENCES card_templates(id);

ALTER TABLE ONLY id_sequences
    ADD CONSTRAINT fk_id_sequences_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY inventory_items
    ADD CONSTRAINT fk_inventory_items_tax_configuration_id FOREIGN KEY (tax_configuration_id) REFERENCES tax_configurations(id);

ALTER TABLE ONLY invoice_items
    ADD CONSTRAINT fk_invoice_items_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY invoice_items
    ADD CONSTRAINT fk_invoice_items_invoice_id FOREIGN KEY (invoice_id) REFERENCES invoices(id);

ALTER TABLE ONLY invoice_items
    ADD CONSTRAINT fk_invoice_items_tax_configuration_id FOREIGN KEY (tax_configuration_id) REFERENCES tax_configurations(id);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT fk_invoices_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT fk_invoices_generated_by FOREIGN KEY (generated_by) REFERENCES users(id);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT fk_invoices_issued_by FOREIGN KEY (issued_by) REFERENCES users(id);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT fk_invoices_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT fk_invoices_visit_id FOREIGN KEY (visit_id) REFERENCES visits(id);

ALTER TABLE ONLY kiosk_tries
    ADD CONSTRAINT fk_kiosk_tries_workstation_id FOREIGN KEY (workstation_id) REFERENCES workstations(id);

ALTER TABLE ONLY medicine_batches
    ADD CONSTRAINT fk_medicine_batches_item_id FOREIGN KEY (item_id) REFERENCES inventory_items(id);

ALTER TABLE ONLY medicine_batches
    ADD CONSTRAINT fk_medicine_batches_location_id FOREIGN KEY (location_id) REFERENCES stock_locations(id);

ALTER TABLE ONLY medicine_batches
    ADD CONSTRAINT fk_medicine_batches_supplier_id FOREIGN KEY (supplier_id) REFERENCES suppliers(id);

ALTER TABLE ONLY medicines
    ADD CONSTRAINT fk_medicines_item_id FOREIGN KEY (item_id) REFERENCES inventory_items(id);

ALTER TABLE ONLY notification_queue
    ADD CONSTRAINT fk_notification_queue_appointment_id FOREIGN KEY (appointment_id) REFERENCES appointments(id);

ALTER TABLE ONLY notification_queue
    ADD CONSTRAINT fk_notification_queue_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY notification_templates
    ADD CONSTRAINT fk_notification_templates_written_by FOREIGN KEY (written_by) REFERENCES users(id);

ALTER TABLE ONLY number_formats
    ADD CONSTRAINT fk_number_formats_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY otp_verifications
    ADD CONSTRAINT fk_otp_verifications_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY otp_verifications
    ADD CONSTRAINT fk_otp_verifications_user_id FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY password_resets
    ADD CONSTRAINT fk_password_resets_issued_by_id FOREIGN KEY (issued_by_id) REFERENCES users(id);

ALTER TABLE ONLY password_resets
    ADD CONSTRAINT fk_password_resets_user_id FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY patient_consents
    ADD CONSTRAINT fk_patient_consents_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY patient_consents
    ADD CONSTRAINT fk_patient_consents_recorded_by FOREIGN KEY (recorded_by) REFERENCES users(id);

ALTER TABLE ONLY patient_consents
    ADD CONSTRAINT fk_patient_consents_signature_document_id FOREIGN KEY (signature_document_id) REFERENCES documents(id);

ALTER TABLE ONLY patient_consents
    ADD CONSTRAINT fk_patient_consents_template_id FOREIGN KEY (template_id) REFERENCES consent_templates(id);

ALTER TABLE ONLY patient_consents
    ADD CONSTRAINT fk_patient_consents_withdrawn_by FOREIGN KEY (withdrawn_by) REFERENCES users(id);

ALTER TABLE ONLY patient_consents
    ADD CONSTRAINT fk_patient_consents_workstation_id FOREIGN KEY (workstation_id) REFERENCES workstations(id);

ALTER TABLE ONLY patient_documents
    ADD CONSTRAINT fk_patient_documents_document_id FOREIGN KEY (document_id) REFERENCES documents(id);

ALTER TABLE ONLY patient_documents
    ADD CONSTRAINT fk_patient_documents_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY patient_documents
    ADD CONSTRAINT fk_patient_documents_uploaded_by FOREIGN KEY (uploaded_by) REFERENCES users(id);

ALTER TABLE ONLY patient_duplicates
    ADD CONSTRAINT fk_patient_duplicates_a_id FOREIGN KEY (a_id) REFERENCES patients(id);

ALTER TABLE ONLY patient_duplicates
    ADD CONSTRAINT fk_patient_duplicates_b_id FOREIGN KEY (b_id) REFERENCES patients(id);

ALTER TABLE ONLY patient_duplicates
    ADD CONSTRAINT fk_patient_duplicates_decided_by FOREIGN KEY (decided_by) REFERENCES users(id);

ALTER TABLE ONLY patient_identifiers
    ADD CONSTRAINT fk_patient_identifiers_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY patient_merges
    ADD CONSTRAINT fk_patient_merges_kept_id FOREIGN KEY (kept_id) REFERENCES patients(id);

ALTER TABLE ONLY patient_merges
    ADD CONSTRAINT fk_patient_merges_merged_by FOREIGN KEY (merged_by) REFERENCES users(id);

ALTER TABLE ONLY patient_merges
    ADD CONSTRAINT fk_patient_merges_merged_id FOREIGN KEY (merged_id) REFERENCES patients(id);

ALTER TABLE ONLY patient_merges
    ADD CONSTRAINT fk_patient_merges_undone_by FOREIGN KEY (undone_by) REFERENCES users(id);

ALTER TABLE ONLY patients
    ADD CONSTRAINT fk_patients_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY patients
    ADD CONSTRAINT fk_patients_merged_into_id FOREIGN KEY (merged_into_id) REFERENCES patients(id);

ALTER TABLE ONLY patients
    ADD CONSTRAINT fk_patients_phone_owner_id FOREIGN KEY (phone_owner_id) REFERENCES patients(id);

ALTER TABLE ONLY patients
    ADD CONSTRAINT fk_patients_photo_document_id FOREIGN KEY (photo_document_id) REFERENCES documents(id);

ALTER TABLE ONLY payment_allocations
    ADD CONSTRAINT fk_payment_allocations_invoice_id FOREIGN KEY (invoice_id) REFERENCES invoices(id);

ALTER TABLE ONLY payment_allocations
    ADD CONSTRAINT fk_payment_allocations_payment_id FOREIGN KEY (payment_id) REFERENCES payments(id);

ALTER TABLE ONLY payments
    ADD CONSTRAINT fk_payments_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY payments
    ADD CONSTRAINT fk_payments_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY payments
    ADD CONSTRAINT fk_payments_received_by FOREIGN KEY (received_by) REFERENCES users(id);

ALTER TABLE ONLY payments
    ADD CONSTRAINT fk_payments_till_session_id FOREIGN KEY (till_session_id) REFERENCES till_sessions(id);

ALTER TABLE ONLY pharmacy_dispensing
    ADD CONSTRAINT fk_pharmacy_dispensing_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY pharmacy_dispensing
    ADD CONSTRAINT fk_pharmacy_dispensing_dispensed_by FOREIGN KEY (dispensed_by) REFERENCES users(id);

ALTER TABLE ONLY pharmacy_dispensing_items
    ADD CONSTRAINT fk_pharmacy_dispensing_items_batch_id FOREIGN KEY (batch_id) REFERENCES medicine_batches(id);

ALTER TABLE ONLY pharmacy_dispensing_items
    ADD CONSTRAINT fk_pharmacy_dispensing_items_dispensing_id FOREIGN KEY (dispensing_id) REFERENCES pharmacy_dispensing(id);

ALTER TABLE ONLY pharmacy_dispensing_items
    ADD CONSTRAINT fk_pharmacy_dispensing_items_item_id FOREIGN KEY (item_id) REFERENCES inventory_items(id);

ALTER TABLE ONLY pharmacy_dispensing_items
    ADD CONSTRAINT fk_pharmacy_dispensing_items_prescription_item_id FOREIGN KEY (prescription_item_id) REFERENCES prescription_items(id);

ALTER TABLE ONLY pharmacy_dispensing
    ADD CONSTRAINT fk_pharmacy_dispensing_location_id FOREIGN KEY (location_id) REFERENCES stock_locations(id);

ALTER TABLE ONLY pharmacy_dispensing
    ADD CONSTRAINT fk_pharmacy_dispensing_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY pharmacy_dispensing
    ADD CONSTRAINT fk_pharmacy_dispensing_prescription_id FOREIGN KEY (prescription_id) REFERENCES prescriptions(id);

ALTER TABLE ONLY pharmacy_dispensing
    ADD CONSTRAINT fk_pharmacy_dispensing_visit_id FOREIGN KEY (visit_id) REFERENCES visits(id);

ALTER TABLE ONLY pharmacy_return_items
    ADD CONSTRAINT fk_pharmacy_return_items_batch_id FOREIGN KEY (batch_id) REFERENCES medicine_batches(id);

ALTER TABLE ONLY pharmacy_return_items
    ADD CONSTRAINT fk_pharmacy_return_items_dispensing_item_id FOREIGN KEY (dispensing_item_id) REFERENCES pharmacy_dispensing_items(id);

ALTER TABLE ONLY pharmacy_return_items
    ADD CONSTRAINT fk_pharmacy_return_items_return_id FOREIGN KEY (return_id) REFERENCES pharmacy_returns(id);

ALTER TABLE ONLY pharmacy_returns
    ADD CONSTRAINT fk_pharmacy_returns_dispensing_id FOREIGN KEY (dispensing_id) REFERENCES pharmacy_dispensing(id);

ALTER TABLE ONLY pharmacy_returns
    ADD CONSTRAINT fk_pharmacy_returns_returned_by FOREIGN KEY (returned_by) REFERENCES users(id);

ALTER TABLE ONLY prescription_items
    ADD CONSTRAINT fk_prescription_items_medicine_id FOREIGN KEY (medicine_id) REFERENCES medicines(id);

ALTER TABLE ONLY prescription_items
    ADD CONSTRAINT fk_prescription_items_prescription_id FOREIGN KEY (prescription_id) REFERENCES prescriptions(id);

ALTER TABLE ONLY prescription_template_items
    ADD CONSTRAINT fk_prescription_template_items_medicine_id FOREIGN KEY (medicine_id) REFERENCES medicines(id);

ALTER TABLE ONLY prescription_template_items
    ADD CONSTRAINT fk_prescription_template_items_template_id FOREIGN KEY (template_id) REFERENCES prescription_templates(id);

ALTER TABLE ONLY prescription_templates
    ADD CONSTRAINT fk_prescription_templates_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY prescription_versions
    ADD CONSTRAINT fk_prescription_versions_made_by FOREIGN KEY (made_by) REFERENCES users(id);

ALTER TABLE ONLY prescription_versions
    ADD CONSTRAINT fk_prescription_versions_prescription_id FOREIGN KEY (prescription_id) REFERENCES prescriptions(id);

ALTER TABLE ONLY prescriptions
    ADD CONSTRAINT fk_prescriptions_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY prescriptions
    ADD CONSTRAINT fk_prescriptions_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY prescriptions
    ADD CONSTRAINT fk_prescriptions_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY prescriptions
    ADD CONSTRAINT fk_prescriptions_visit_id FOREIGN KEY (visit_id) REFERENCES visits(id);

ALTER TABLE ONLY privacy_requests
    ADD CONSTRAINT fk_privacy_requests_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY privacy_requests
    ADD CONSTRAINT fk_privacy_requests_decided_by FOREIGN KEY (decided_by) REFERENCES users(id);

ALTER TABLE ONLY privacy_requests
    ADD CONSTRAINT fk_privacy_requests_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY privacy_requests
    ADD CONSTRAINT fk_privacy_requests_recorded_by FOREIGN KEY (recorded_by) REFERENCES users(id);

ALTER TABLE ONLY record_openings
    ADD CONSTRAINT fk_record_openings_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY record_openings
    ADD CONSTRAINT fk_record_openings_reviewed_by FOREIGN KEY (reviewed_by) REFERENCES users(id);

ALTER TABLE ONLY record_openings
    ADD CONSTRAINT fk_record_openings_user_id FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY refresh_tokens
    ADD CONSTRAINT fk_refresh_tokens_user_id FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY refresh_tokens
    ADD CONSTRAINT fk_refresh_tokens_workstation_id FOREIGN KEY (workstation_id) REFERENCES workstations(id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT fk_refunds_approved_by FOREIGN KEY (approved_by) REFERENCES users(id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT fk_refunds_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT fk_refunds_credit_note_id FOREIGN KEY (credit_note_id) REFERENCES credit_notes(id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT fk_refunds_invoice_id FOREIGN KEY (invoice_id) REFERENCES invoices(id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT fk_refunds_payment_id FOREIGN KEY (payment_id) REFERENCES payments(id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT fk_refunds_refunded_by FOREIGN KEY (refunded_by) REFERENCES users(id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT fk_refunds_till_session_id FOREIGN KEY (till_session_id) REFERENCES till_sessions(id);

ALTER TABLE ONLY reviews
    ADD CONSTRAINT fk_reviews_appointment_id FOREIGN KEY (appointment_id) REFERENCES appointments(id);

ALTER TABLE ONLY reviews
    ADD CONSTRAINT fk_reviews_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY reviews
    ADD CONSTRAINT fk_reviews_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY reviews
    ADD CONSTRAINT fk_reviews_visit_id FOREIGN KEY (visit_id) REFERENCES visits(id);

ALTER TABLE ONLY role_permissions
    ADD CONSTRAINT fk_role_permissions_permission_id FOREIGN KEY (permission_id) REFERENCES permissions(id);

ALTER TABLE ONLY role_permissions
    ADD CONSTRAINT fk_role_permissions_role_id FOREIGN KEY (role_id) REFERENCES roles(id);

ALTER TABLE ONLY services
    ADD CONSTRAINT fk_services_department_id FOREIGN KEY (department_id) REFERENCES departments(id);

ALTER TABLE ONLY services
    ADD CONSTRAINT fk_services_tax_configuration_id FOREIGN KEY (tax_configuration_id) REFERENCES tax_configurations(id);

ALTER TABLE ONLY session_sightings
    ADD CONSTRAINT fk_session_sightings_session_id FOREIGN KEY (session_id) REFERENCES refresh_tokens(id);

ALTER TABLE ONLY stock_adjustment_lines
    ADD CONSTRAINT fk_stock_adjustment_lines_adjustment_id FOREIGN KEY (adjustment_id) REFERENCES stock_adjustments(id);

ALTER TABLE ONLY stock_adjustment_lines
    ADD CONSTRAINT fk_stock_adjustment_lines_batch_id FOREIGN KEY (batch_id) REFERENCES medicine_batches(id);

ALTER TABLE ONLY stock_adjustments
    ADD CONSTRAINT fk_stock_adjustments_approved_by FOREIGN KEY (approved_by) REFERENCES users(id);

ALTER TABLE ONLY stock_adjustments
    ADD CONSTRAINT fk_stock_adjustments_location_id FOREIGN KEY (location_id) REFERENCES stock_locations(id);

ALTER TABLE ONLY stock_adjustments
    ADD CONSTRAINT fk_stock_adjustments_requested_by FOREIGN KEY (requested_by) REFERENCES users(id);

ALTER TABLE ONLY stock_locations
    ADD CONSTRAINT fk_stock_locations_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY stock_movements
    ADD CONSTRAINT fk_stock_movements_batch_id FOREIGN KEY (batch_id) REFERENCES medicine_batches(id);

ALTER TABLE ONLY stock_movements
    ADD CONSTRAINT fk_stock_movements_moved_by FOREIGN KEY (moved_by) REFERENCES users(id);

ALTER TABLE ONLY sync_conflicts
    ADD CONSTRAINT fk_sync_conflicts_decided_by FOREIGN KEY (decided_by) REFERENCES users(id);

ALTER TABLE ONLY sync_conflicts
    ADD CONSTRAINT fk_sync_conflicts_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY tax_configurations
    ADD CONSTRAINT fk_tax_configurations_hospital_id FOREIGN KEY (hospital_id) REFERENCES hospitals(id);

ALTER TABLE ONLY till_sessions
    ADD CONSTRAINT fk_till_sessions_cashier_id FOREIGN KEY (cashier_id) REFERENCES users(id);

ALTER TABLE ONLY till_sessions
    ADD CONSTRAINT fk_till_sessions_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY till_sessions
    ADD CONSTRAINT fk_till_sessions_closed_by FOREIGN KEY (closed_by) REFERENCES users(id);

ALTER TABLE ONLY till_sessions
    ADD CONSTRAINT fk_till_sessions_workstation_id FOREIGN KEY (workstation_id) REFERENCES workstations(id);

ALTER TABLE ONLY time_slots
    ADD CONSTRAINT fk_time_slots_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY time_slots
    ADD CONSTRAINT fk_time_slots_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY user_roles
    ADD CONSTRAINT fk_user_roles_role_id FOREIGN KEY (role_id) REFERENCES roles(id);

ALTER TABLE ONLY user_roles
    ADD CONSTRAINT fk_user_roles_user_id FOREIGN KEY (user_id) REFERENCES users(id);

ALTER TABLE ONLY visits
    ADD CONSTRAINT fk_visits_appointment_id FOREIGN KEY (appointment_id) REFERENCES appointments(id);

ALTER TABLE ONLY visits
    ADD CONSTRAINT fk_visits_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY visits
    ADD CONSTRAINT fk_visits_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY visits
    ADD CONSTRAINT fk_visits_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY visits
    ADD CONSTRAINT fk_visits_service_id FOREIGN KEY (service_id) REFERENCES services(id);

ALTER TABLE ONLY vital_signs
    ADD CONSTRAINT fk_vital_signs_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY vital_signs
    ADD CONSTRAINT fk_vital_signs_taken_by FOREIGN KEY (taken_by) REFERENCES users(id);

ALTER TABLE ONLY vital_signs
    ADD CONSTRAINT fk_vital_signs_visit_id FOREIGN KEY (visit_id) REFERENCES visits(id);

ALTER TABLE ONLY waiting_list
    ADD CONSTRAINT fk_waiting_list_appointment_id FOREIGN KEY (appointment_id) REFERENCES appointments(id);

ALTER TABLE ONLY waiting_list
    ADD CONSTRAINT fk_waiting_list_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY waiting_list
    ADD CONSTRAINT fk_waiting_list_created_by FOREIGN KEY (created_by) REFERENCES users(id);

ALTER TABLE ONLY waiting_list
    ADD CONSTRAINT fk_waiting_list_doctor_id FOREIGN KEY (doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY waiting_list
    ADD CONSTRAINT fk_waiting_list_offered_doctor_id FOREIGN KEY (offered_doctor_id) REFERENCES doctors(id);

ALTER TABLE ONLY waiting_list
    ADD CONSTRAINT fk_waiting_list_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY waiting_list
    ADD CONSTRAINT fk_waiting_list_service_id FOREIGN KEY (service_id) REFERENCES services(id);

ALTER TABLE ONLY wallet_transactions
    ADD CONSTRAINT fk_wallet_transactions_appointment_id FOREIGN KEY (appointment_id) REFERENCES appointments(id);

ALTER TABLE ONLY wallet_transactions
    ADD CONSTRAINT fk_wallet_transactions_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);

ALTER TABLE ONLY wallet_transactions
    ADD CONSTRAINT fk_wallet_transactions_created_by FOREIGN KEY (created_by) REFERENCES users(id);

ALTER TABLE ONLY wallet_transactions
    ADD CONSTRAINT fk_wallet_transactions_invoice_id FOREIGN KEY (invoice_id) REFERENCES invoices(id);

ALTER TABLE ONLY wallet_transactions
    ADD CONSTRAINT fk_wallet_transactions_patient_id FOREIGN KEY (patient_id) REFERENCES patients(id);

ALTER TABLE ONLY workstations
    ADD CONSTRAINT fk_workstations_clinic_id FOREIGN KEY (clinic_id) REFERENCES clinics(id);
