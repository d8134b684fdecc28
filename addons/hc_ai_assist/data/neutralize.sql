-- A copy of the database must not speak for the original: no provider is asked, and none has an address.
UPDATE hc_ai_provider SET base_url = 'https://neutralized.invalid', state = CASE WHEN state = 'active' THEN 'paused' ELSE state END;
DELETE FROM hc_ai_answer;
