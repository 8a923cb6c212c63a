//! The tables of both databases, as diesel sees them. A test compares this with what the migrations make.

diesel::table! {
    users (id) {
        id -> Text,
        email -> Text,
        name -> Text,
        password_hash -> Text,
        may_create_projects -> Bool,
        created_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
        device -> Text,
        provider_factor -> Bool,
    }
}

diesel::table! {
    identities (id) {
        id -> Text,
        issuer -> Text,
        subject -> Text,
        user_id -> Text,
        linked_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    oidc_logins (handle_hash) {
        handle_hash -> Text,
        state_hash -> Text,
        browser_hash -> Text,
        user_id -> Nullable<Text>,
        stage -> Text,
        sealed -> Nullable<Text>,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Text,
        session_id -> Text,
        issued_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    second_factors (user_id) {
        user_id -> Text,
        key_id -> Text,
        sealed -> Text,
        last_step -> BigInt,
        created_at -> Timestamp,
        confirmed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    recovery_codes (user_id, hash) {
        user_id -> Text,
        hash -> Text,
        created_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    access_reviews (project_id, id) {
        project_id -> Text,
        id -> Text,
        reviewed_by -> Text,
        reviewed_at -> Timestamp,
    }
}

diesel::table! {
    throttles (key) {
        key -> Text,
        failures -> Integer,
        window_started_at -> Timestamp,
    }
}

diesel::table! {
    projects (id) {
        id -> Text,
        title -> Text,
        description -> Text,
        change -> BigInt,
        rebuild_change -> BigInt,
        threshold_population -> Integer,
        threshold_cell -> Integer,
        asked_population -> Nullable<Integer>,
        asked_cell -> Nullable<Integer>,
        asked_reason -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        published_at -> Nullable<Timestamp>,
        published_change -> BigInt,
        frozen -> Bool,
        reported_on -> Nullable<Date>,
    }
}

diesel::table! {
    memberships (project_id, user_id) {
        project_id -> Text,
        user_id -> Text,
        role -> Text,
        ends_on -> Nullable<Date>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    invitations (project_id, id) {
        project_id -> Text,
        id -> Text,
        email -> Text,
        role -> Text,
        ends_on -> Nullable<Date>,
        code_hash -> Text,
        created_by -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        accepted_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    api_tokens (project_id, id) {
        project_id -> Text,
        id -> Text,
        user_id -> Text,
        name -> Text,
        hash -> Text,
        scopes -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    frameworks (project_id, version) {
        project_id -> Text,
        version -> Integer,
        state -> Text,
        document -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        published_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    framework_assets (project_id, name) {
        project_id -> Text,
        name -> Text,
        sha256 -> Text,
        bytes -> BigInt,
        media_type -> Text,
        created_by -> Text,
        created_at -> Timestamp,
        content -> Binary,
    }
}

diesel::table! {
    waves (project_id, key) {
        project_id -> Text,
        key -> Text,
        ordinal -> Integer,
        label -> Text,
        opens_on -> Nullable<Date>,
        closes_on -> Nullable<Date>,
        state -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    regions (project_id, id) {
        project_id -> Text,
        id -> Text,
        name -> Text,
        region -> Text,
        created_by -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    pins (project_id, id) {
        project_id -> Text,
        id -> Text,
        audience -> Text,
        lens -> Text,
        finding -> Text,
        question -> Text,
        change -> BigInt,
        note -> Text,
        created_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    participants (project_id, id) {
        project_id -> Text,
        id -> Text,
        code -> Text,
        secret_hash -> Text,
        first_wave -> Nullable<Text>,
        status -> Text,
        exit_reason -> Nullable<Text>,
        exit_month -> Nullable<Text>,
        attributes -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        restricted_at -> Nullable<Timestamp>,
        remove_future -> Bool,
        informed_on -> Nullable<Date>,
        informed_by -> Nullable<Text>,
        informed_way -> Nullable<Text>,
    }
}

diesel::table! {
    participations (project_id, participant_id, wave) {
        project_id -> Text,
        participant_id -> Text,
        wave -> Text,
        state -> Text,
        attributes -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    tellers (project_id, id) {
        project_id -> Text,
        id -> Text,
        code -> Text,
        secret_hash -> Text,
        perspective -> Text,
        created_at -> Timestamp,
        withdrawn_at -> Nullable<Timestamp>,
        restricted_at -> Nullable<Timestamp>,
        remove_future -> Bool,
    }
}

diesel::table! {
    consent_texts (project_id, key, version) {
        project_id -> Text,
        key -> Text,
        version -> Integer,
        purpose -> Nullable<Text>,
        texts -> Text,
        created_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    consent_records (project_id, id) {
        project_id -> Text,
        id -> Text,
        person_kind -> Text,
        person_id -> Text,
        decision -> Text,
        scope -> Nullable<Text>,
        refers_to -> Nullable<Text>,
        text_key -> Nullable<Text>,
        text_version -> Nullable<Integer>,
        language -> Nullable<Text>,
        decided_at -> Timestamp,
        way -> Nullable<Text>,
        taken_by -> Nullable<Text>,
        representative -> Text,
        under_sixteen -> Bool,
        guardianship -> Bool,
        recorded_by -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    contact_vault (project_id, participant_id) {
        project_id -> Text,
        participant_id -> Text,
        sealed -> Text,
        updated_by -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    processings (project_id) {
        project_id -> Text,
        version -> Integer,
        document -> Text,
        updated_by -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    teller_links (project_id, teller_id, participant_id) {
        project_id -> Text,
        teller_id -> Text,
        participant_id -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    enrolments (project_id, id) {
        project_id -> Text,
        id -> Text,
        facilitator -> Text,
        wave -> Text,
        perspectives -> Text,
        code_hash -> Text,
        created_by -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    devices (project_id, id) {
        project_id -> Text,
        id -> Text,
        enrolment_id -> Text,
        facilitator -> Text,
        wave -> Text,
        perspectives -> Text,
        token_hash -> Text,
        app_version -> Nullable<Text>,
        created_at -> Timestamp,
        last_seen_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        undelivered -> Nullable<Integer>,
        undelivered_at -> Nullable<Timestamp>,
        undelivered_oldest_at -> Nullable<Timestamp>,
        storage_persisted -> Nullable<Bool>,
    }
}

diesel::table! {
    forward_keys (project_id, id) {
        project_id -> Text,
        id -> Text,
        public_key -> Text,
        sealed -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    stories (project_id, id) {
        project_id -> Text,
        id -> Text,
        change -> BigInt,
        hash -> Text,
        status -> Text,
        held -> Text,
        version -> Integer,
        released_version -> Nullable<Integer>,
        workgroup_permitted -> Bool,
        framework_version -> Integer,
        wave -> Text,
        perspective -> Text,
        participant_id -> Nullable<Text>,
        teller_id -> Nullable<Text>,
        language -> Text,
        title -> Text,
        facts -> Text,
        received_at -> Timestamp,
        device_id -> Nullable<Text>,
        published -> Bool,
    }
}

diesel::table! {
    story_versions (project_id, story_id, version) {
        project_id -> Text,
        story_id -> Text,
        version -> Integer,
        kind -> Text,
        body -> Text,
        reason -> Nullable<Text>,
        created_by -> Text,
        created_at -> Timestamp,
        text_removed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    translations (project_id, story_id, version, language) {
        project_id -> Text,
        story_id -> Text,
        version -> Integer,
        language -> Text,
        title -> Text,
        text -> Text,
        created_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    attachments (project_id, story_id, id) {
        project_id -> Text,
        story_id -> Text,
        id -> Text,
        sha256 -> Text,
        bytes -> BigInt,
        media_type -> Text,
        received_bytes -> BigInt,
        completed_at -> Nullable<Timestamp>,
        removed_at -> Nullable<Timestamp>,
        found_type -> Nullable<Text>,
    }
}

diesel::table! {
    attachment_parts (project_id, story_id, attachment_id, first_byte) {
        project_id -> Text,
        story_id -> Text,
        attachment_id -> Text,
        first_byte -> BigInt,
        bytes -> BigInt,
        object -> Text,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Text,
        project_id -> Nullable<Text>,
        at -> Timestamp,
        actor_kind -> Text,
        actor_id -> Nullable<Text>,
        action -> Text,
        subject -> Nullable<Text>,
        result -> Text,
        detail -> Text,
        origin -> Nullable<Text>,
        sequence -> Nullable<BigInt>,
        previous -> Nullable<Text>,
        hash -> Nullable<Text>,
    }
}

diesel::table! {
    audit_chains (chain) {
        chain -> Text,
        sequence -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    retention_rules (project_id, class) {
        project_id -> Text,
        class -> Text,
        days -> Nullable<Integer>,
        reason -> Text,
        updated_by -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    retention_runs (project_id, id) {
        project_id -> Text,
        id -> Text,
        class -> Text,
        ran_at -> Timestamp,
        cutoff -> Timestamp,
        removed -> BigInt,
        remaining -> BigInt,
        ran_by -> Text,
    }
}

diesel::table! {
    webhooks (project_id, id) {
        project_id -> Text,
        id -> Text,
        url -> Text,
        events -> Text,
        secret -> Text,
        created_by -> Text,
        created_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
        disabled_reason -> Text,
    }
}

diesel::table! {
    webhook_messages (project_id, id) {
        project_id -> Text,
        id -> Text,
        webhook_id -> Text,
        slot -> Text,
        kind -> Text,
        about -> Text,
        amount -> BigInt,
        happened_at -> Timestamp,
        due_at -> Nullable<Timestamp>,
        attempts -> Integer,
        state -> Text,
    }
}

diesel::table! {
    webhook_attempts (project_id, message_id, number) {
        project_id -> Text,
        message_id -> Text,
        number -> Integer,
        at -> Timestamp,
        outcome -> Text,
        status -> Nullable<Integer>,
    }
}

diesel::table! {
    lenses (project_id, id) {
        project_id -> Text,
        id -> Text,
        name -> Nullable<Text>,
        audience -> Text,
        lens -> Text,
        compare_by -> Nullable<Text>,
        address -> Nullable<Text>,
        revision -> BigInt,
        created_by -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    workshops (project_id, id) {
        project_id -> Text,
        id -> Text,
        title -> Text,
        state -> Text,
        steps -> Text,
        step_key -> Nullable<Text>,
        step_started_at -> Nullable<Timestamp>,
        step_minutes -> Nullable<Integer>,
        change -> BigInt,
        revision -> BigInt,
        created_by -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    workshop_exhibits (project_id, workshop_id, id) {
        project_id -> Text,
        workshop_id -> Text,
        id -> Text,
        kind -> Text,
        title -> Text,
        note -> Text,
        place -> Integer,
        pin_id -> Nullable<Text>,
        lens_id -> Nullable<Text>,
        signifier -> Nullable<Text>,
        audience -> Text,
        finding -> Nullable<Text>,
        lens -> Text,
        compare_by -> Nullable<Text>,
        revision -> BigInt,
        created_by -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    workshop_items (project_id, workshop_id, id) {
        project_id -> Text,
        workshop_id -> Text,
        id -> Text,
        kind -> Text,
        exhibit_id -> Nullable<Text>,
        observation_id -> Nullable<Text>,
        text -> Text,
        strength -> Nullable<Text>,
        region -> Nullable<Text>,
        direction -> Nullable<Text>,
        revision -> BigInt,
        created_by -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    workshop_clusters (project_id, workshop_id, id) {
        project_id -> Text,
        workshop_id -> Text,
        id -> Text,
        name -> Text,
        kind -> Text,
        place -> Integer,
        revision -> BigInt,
        created_by -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    workshop_cluster_items (project_id, workshop_id, cluster_id, item_id) {
        project_id -> Text,
        workshop_id -> Text,
        cluster_id -> Text,
        item_id -> Text,
    }
}

diesel::table! {
    workshop_votes (project_id, workshop_id, item_id, user_id) {
        project_id -> Text,
        workshop_id -> Text,
        item_id -> Text,
        user_id -> Text,
    }
}

diesel::table! {
    workshop_presence (project_id, workshop_id, server, user_id) {
        project_id -> Text,
        workshop_id -> Text,
        server -> Text,
        user_id -> Text,
        seen_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    webhooks,
    webhook_messages,
    webhook_attempts,
    users,
    sessions,
    identities,
    oidc_logins,
    refresh_tokens,
    second_factors,
    recovery_codes,
    access_reviews,
    throttles,
    projects,
    memberships,
    invitations,
    api_tokens,
    frameworks,
    framework_assets,
    waves,
    regions,
    pins,
    lenses,
    workshops,
    workshop_exhibits,
    workshop_items,
    workshop_clusters,
    workshop_cluster_items,
    workshop_votes,
    workshop_presence,
    participants,
    participations,
    tellers,
    teller_links,
    consent_texts,
    consent_records,
    contact_vault,
    processings,
    enrolments,
    devices,
    forward_keys,
    stories,
    story_versions,
    translations,
    attachments,
    attachment_parts,
    audit_events,
    audit_chains,
    retention_rules,
    retention_runs,
);
