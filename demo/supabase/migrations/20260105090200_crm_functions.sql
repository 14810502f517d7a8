-- The CRM's own operations, called through the API as RPCs.

-- The segment of this name, created if there is none. Two people may create the same one at the same moment: both get
-- the same segment, neither gets an error.
create function public.get_or_create_segment(name text, description text default null)
returns public.segments
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
    wanted text := trim(get_or_create_segment.name);
    segment public.segments;
begin
    perform rate_limit.take_token();

    if coalesce(wanted, '') = '' then
        raise sqlstate '22023' using message = 'A segment needs a name';
    end if;

    insert into public.segments (name, description)
    values (wanted, get_or_create_segment.description)
    on conflict (lower(name)) do nothing
    returning * into segment;

    if not found then
        select * into strict segment from public.segments where lower(segments.name) = lower(wanted);
    end if;
    return segment;
end;
$$;

-- Saves an opportunity and makes its lines those that are given, in one transaction: lines with an id are updated,
-- lines without one are created, lines that are missing are deleted. Without an id the opportunity is created. Columns
-- that are absent keep their values. Answers the opportunity with its lines, as a read would.
create function public.sync_opportunity_with_products(opportunity jsonb, lines jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
    saved public.opportunities;
    wanted public.opportunities;
begin
    perform rate_limit.take_token();

    if jsonb_typeof(lines) is distinct from 'array' then
        raise sqlstate '22023' using message = 'lines must be an array';
    end if;

    if opportunity ->> 'id' is null then
        wanted := jsonb_populate_record(null::public.opportunities, opportunity);
        insert into public.opportunities (name, company_id, contact_id, stage, expected_on, description)
        values (
            wanted.name, wanted.company_id, wanted.contact_id, coalesce(wanted.stage, 'lead'), wanted.expected_on,
            wanted.description
        )
        returning * into saved;
    else
        -- Locked: two people who save the same opportunity do so one after the other, lines included.
        select * into saved from public.opportunities where id = (opportunity ->> 'id')::bigint for update;
        if not found then
            raise sqlstate 'PGRST' using
                message = jsonb_build_object(
                    'code', 'not_found',
                    'message', format('There is no opportunity %s', opportunity ->> 'id')
                )::text,
                detail = jsonb_build_object('status', 404, 'headers', jsonb_build_object())::text;
        end if;
        wanted := jsonb_populate_record(saved, opportunity);
        update public.opportunities
        set
            name = wanted.name,
            company_id = wanted.company_id,
            contact_id = wanted.contact_id,
            stage = wanted.stage,
            expected_on = wanted.expected_on,
            description = wanted.description,
            updated_at = now()
        where id = saved.id;
    end if;

    delete from public.opportunity_products
    where
        opportunity_id = saved.id
        and id not in (
            select (line ->> 'id')::bigint
            from jsonb_array_elements(lines) as line
            where line ->> 'id' is not null
        );

    update public.opportunity_products
    set
        product_id = (line ->> 'product_id')::bigint,
        quantity = (line ->> 'quantity')::integer,
        unit_price = (line ->> 'unit_price')::numeric
    from jsonb_array_elements(lines) as line
    where
        opportunity_products.id = (line ->> 'id')::bigint
        and opportunity_products.opportunity_id = saved.id;

    insert into public.opportunity_products (opportunity_id, product_id, quantity, unit_price)
    select
        saved.id,
        (line.value ->> 'product_id')::bigint,
        (line.value ->> 'quantity')::integer,
        (line.value ->> 'unit_price')::numeric
    from jsonb_array_elements(lines) with ordinality as line (value, place)
    where line.value ->> 'id' is null
    order by line.place;

    update public.opportunities
    set amount = (
        select coalesce(sum(quantity * unit_price), 0)
        from public.opportunity_products
        where opportunity_id = saved.id
    )
    where id = saved.id
    returning * into saved;

    return to_jsonb(saved) || jsonb_build_object(
        'lines',
        (
            select coalesce(jsonb_agg(to_jsonb(line) order by line.id), '[]')
            from public.opportunity_products as line
            where line.opportunity_id = saved.id
        )
    );
end;
$$;

grant execute on function public.get_or_create_segment(text, text) to anon, authenticated, service_role;
grant execute on function public.sync_opportunity_with_products(jsonb, jsonb) to anon, authenticated, service_role;
