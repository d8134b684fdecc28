-- A copy of the database must neither accept what is meant for the original nor speak for it.
UPDATE hc_integration_source SET state = 'paused' WHERE state = 'active';
UPDATE hc_event_subscription SET state = 'disabled' WHERE state IN ('active', 'paused');
UPDATE hc_event_delivery SET state = 'cancelled', leased_until = NULL, finished_at = now() AT TIME ZONE 'UTC'
 WHERE state IN ('pending', 'sending');
-- Keys are hashes that open a copy as they open the original.
DELETE FROM res_users_apikeys WHERE scope = 'hc.operations';
UPDATE hc_integration_key SET state = 'revoked' WHERE state = 'active';
UPDATE hc_message_gateway SET active = false;
UPDATE hc_gateway_message SET state = 'cancelled', leased_until = NULL, finished_at = now() AT TIME ZONE 'UTC'
 WHERE state IN ('pending', 'sending', 'uncertain');
-- What is connected again in the copy, to try something, must not take the original's files, or ask the
-- original's systems.
UPDATE hc_file_drop SET active = false WHERE active;
UPDATE hc_integration_source SET is_fhir_polled = false WHERE is_fhir_polled;
UPDATE payment_provider SET state = 'disabled', is_published = false WHERE state <> 'disabled';
