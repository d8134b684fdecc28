-- A copy of the database must neither accept what is meant for the original nor speak for it.
UPDATE hc_integration_source SET state = 'paused' WHERE state = 'active';
