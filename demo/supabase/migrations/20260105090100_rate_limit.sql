-- A rate limiter in the database: a token bucket for what the API's public roles write.
--
-- One request takes one token, however many rows and tables it writes to. Without a token it is refused: HTTP status
-- 429 with a Retry-After header, in the form that PostgREST documents for errors raised in SQL
-- (https://docs.postgrest.org/en/stable/references/errors.html#raise-errors-with-http-status-codes).
--
-- To limit tables of your own, copy this file and change the list of tables in its last statement.

create schema rate_limit; -- not among the schemas that the API serves

-- Supabase refuses updates without a condition on the connections of its API, so each table has one to name its row by.
create table rate_limit.settings (
    only_row boolean primary key default true check (only_row),
    enabled boolean not null default true,
    rate_per_second double precision not null check (rate_per_second >= 0.001 and rate_per_second <= 10000),
    burst integer not null check (burst between 1 and 100000),
    -- Every write is refused, as when other people take all the tokens.
    overloaded boolean not null default false
);

create table rate_limit.bucket (
    only_row boolean primary key default true check (only_row),
    tokens double precision not null,
    counted_at timestamptz not null
);

insert into rate_limit.settings (rate_per_second, burst) values (20, 40);
insert into rate_limit.bucket (tokens, counted_at) values (40, clock_timestamp());

-- How many tokens the bucket holds now. Tokens are not added by a job: they follow from the time that has passed since
-- they were last counted.
create function rate_limit.tokens_now(bucket rate_limit.bucket, settings rate_limit.settings)
returns double precision
language sql
volatile
set search_path = ''
as $$
    select least(
        settings.burst,
        bucket.tokens
        + greatest(0, extract(epoch from clock_timestamp() - bucket.counted_at)::double precision)
        * settings.rate_per_second
    );
$$;

create function rate_limit.refuse(retry_after_ms integer) returns void
language plpgsql
set search_path = ''
as $$
begin
    raise sqlstate 'PGRST' using
        message = jsonb_build_object(
            'code', '429',
            'message', 'Rate limit exceeded',
            -- The exact wait, where it also reaches clients of other origins, from which browsers hide the header.
            'details', jsonb_build_object('retry_after_ms', retry_after_ms)::text,
            'hint', 'Wait for the time in Retry-After (seconds) or in details (milliseconds), then send it again.'
        )::text,
        detail = jsonb_build_object(
            'status', 429,
            'status_text', 'Too Many Requests',
            'headers', jsonb_build_object(
                -- Whole seconds, rounded up: a client that obeys it is never too early.
                'Retry-After', greatest(1, ceil(retry_after_ms / 1000.0))::integer::text,
                'Access-Control-Expose-Headers', 'Retry-After'
            )
        )::text;
end;
$$;

-- Takes the token of this request, or raises a 429.
--
-- The raise rolls the transaction back, so a refusal can store nothing, and needs to store nothing: what it computed
-- follows again from the stored count. A write that fails for another reason gives its token back.
create function rate_limit.take_token() returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
    settings rate_limit.settings;
    bucket rate_limit.bucket;
    available double precision;
begin
    -- Only the API's public roles are limited: migrations, seeds, the SQL editor and the service key are not.
    if current_setting('role') not in ('anon', 'authenticated') then
        return;
    end if;

    -- The request has paid already: this is its second statement, table or trigger. The mark ends with the transaction.
    if current_setting('rate_limit.token_taken', true) = 'yes' then
        return;
    end if;

    select * into strict settings from rate_limit.settings;
    if not settings.enabled then
        return;
    end if;
    if settings.overloaded then
        perform rate_limit.refuse(1000);
    end if;

    -- The lock makes concurrent requests count one after another. It is held until the transaction ends, so keep
    -- limited transactions short.
    select * into strict bucket from rate_limit.bucket for update;
    available := rate_limit.tokens_now(bucket, settings);

    if available < 1 then
        perform rate_limit.refuse(ceil((1 - available) / settings.rate_per_second * 1000)::integer);
    end if;

    update rate_limit.bucket set tokens = available - 1, counted_at = clock_timestamp() where only_row;
    perform set_config('rate_limit.token_taken', 'yes', true);
end;
$$;

create function rate_limit.before_write() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
    perform rate_limit.take_token();
    return null; -- ignored: the trigger is for the statement, not for a row
end;
$$;

-- Functions of the API take the token first thing, before they do any work.
grant usage on schema rate_limit to anon, authenticated, service_role;
grant execute on function rate_limit.take_token() to anon, authenticated, service_role;

-- The page "Server limits" of the demo. Open to everyone, as the whole demo is: do not copy these two to a real server.

create function public.get_server_limits() returns jsonb
language sql
volatile
security definer
set search_path = ''
as $$
    select jsonb_build_object(
        'rate', settings.rate_per_second,
        'burst', settings.burst,
        'overloaded', settings.overloaded,
        'enabled', settings.enabled,
        'tokens', rate_limit.tokens_now(bucket, settings)
    )
    from rate_limit.settings, rate_limit.bucket;
$$;

create function public.set_server_limits(rate double precision, burst integer, overloaded boolean default false)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
begin
    if rate is null or not (rate >= 0.001 and rate <= 10000) then
        raise sqlstate '22023' using
            message = format(
                'rate must be between 0.001 and 10000 requests per second, got %s', coalesce(rate::text, 'null')
            );
    end if;
    if burst is null or burst not between 1 and 100000 then
        raise sqlstate '22023' using
            message = format(
                'burst must be between 1 and 100000 requests, got %s', coalesce(burst::text, 'null')
            );
    end if;

    update rate_limit.settings
    set
        rate_per_second = set_server_limits.rate,
        burst = set_server_limits.burst,
        overloaded = coalesce(set_server_limits.overloaded, false),
        enabled = true
    where only_row;
    -- A full bucket, so that the next burst shows the new limits from their start.
    update rate_limit.bucket set tokens = set_server_limits.burst, counted_at = clock_timestamp() where only_row;

    return public.get_server_limits();
end;
$$;

grant execute on function public.get_server_limits() to anon, authenticated, service_role;
grant execute on function public.set_server_limits(double precision, integer, boolean)
to anon, authenticated, service_role;

-- For each statement, not for each row: an import of a thousand rows in one request is one request.
do $$
declare
    table_name text;
begin
    foreach table_name in array array[
        'companies', 'segments', 'tags', 'contacts', 'contact_notes', 'products', 'opportunities',
        'opportunity_products'
    ]
    loop
        execute format(
            'create trigger a_rate_limit before insert or update or delete on public.%I '
            'for each statement execute function rate_limit.before_write()',
            table_name
        );
    end loop;
end;
$$;
