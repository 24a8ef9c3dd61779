-- +goose Up

-- A copy of the version before private tickets would post their cards where everybody reads them.
-- Since a ticket is private, no such copy sends: the lease is taken from it with the ticket, and it
-- does not get it again. Copies that know private tickets hold the lease by a name that says so.
-- +goose StatementBegin
CREATE FUNCTION knows_private(holder text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT holder LIKE 'rooms:%' $$;

CREATE FUNCTION ticket_is_private() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Also a lease that another holder is about to take is waited for.
    UPDATE leases SET until = CASE WHEN knows_private(holder) THEN until ELSE least(until, clock_timestamp()) END WHERE name = 'sender';
    RETURN NULL;
END $$;

CREATE FUNCTION lease_of_older() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM tickets WHERE private) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER ticket_is_private AFTER INSERT ON tickets FOR EACH ROW WHEN (NEW.private) EXECUTE FUNCTION ticket_is_private();
CREATE TRIGGER ticket_becomes_private AFTER UPDATE ON tickets FOR EACH ROW
    WHEN (NEW.private AND NOT OLD.private) EXECUTE FUNCTION ticket_is_private();
CREATE TRIGGER lease_of_older BEFORE INSERT OR UPDATE ON leases FOR EACH ROW
    WHEN (NEW.name = 'sender' AND NEW.until > clock_timestamp() AND NOT knows_private(NEW.holder)) EXECUTE FUNCTION lease_of_older();

-- +goose Down
DROP TRIGGER lease_of_older ON leases;
DROP TRIGGER ticket_becomes_private ON tickets;
DROP TRIGGER ticket_is_private ON tickets;
DROP FUNCTION lease_of_older();
DROP FUNCTION ticket_is_private();
DROP FUNCTION knows_private(text);
