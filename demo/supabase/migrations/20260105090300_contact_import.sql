-- What the import of contacts needs: a key to know a row by, and the companies and tags that its rows name.

-- Made by the importing browser, the same each time for the same row of the same import. A request whose answer was lost
-- is sent again, and an import that was broken off is continued, without a row getting in twice. Null for contacts that
-- were not imported.
alter table public.contacts add column import_key uuid unique;

-- "n/a" and "ask Maria" are no phone numbers. Contacts that are there already are not looked at.
alter table public.contacts add constraint contacts_phone_check check (phone ~ '[0-9]') not valid;

create index on public.companies using hash (lower(name));
create index on public.tags using hash (lower(name));

-- The company of this name, created if there is none. Two imports may name the same new company at the same moment: both
-- get the same one. People may still give two companies one name, then it is the older.
create function public.get_or_create_company(name text)
returns public.companies
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
    wanted text := trim(get_or_create_company.name);
    company public.companies;
begin
    perform rate_limit.take_token();

    if coalesce(wanted, '') = '' then
        raise sqlstate '22023' using message = 'A company needs a name';
    end if;

    -- Calls for one name follow one another. Other companies wait only when their names share a hash.
    perform pg_advisory_xact_lock(hashtextextended('companies ' || lower(wanted), 0));
    select * into company from public.companies where lower(companies.name) = lower(wanted) order by id limit 1;
    if not found then
        insert into public.companies (name) values (wanted) returning * into company;
    end if;
    return company;
end;
$$;

-- The tag of this name, created if there is none, in one of eight colors that its name chooses.
create function public.get_or_create_tag(name text)
returns public.tags
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
    wanted text := trim(get_or_create_tag.name);
    colors constant text[] := array[
        '#5c6bc0', '#26a69a', '#8d6e63', '#66bb6a', '#ffa726', '#42a5f5', '#ab47bc', '#ec407a'
    ];
    tag public.tags;
begin
    perform rate_limit.take_token();

    if coalesce(wanted, '') = '' then
        raise sqlstate '22023' using message = 'A tag needs a name';
    end if;

    perform pg_advisory_xact_lock(hashtextextended('tags ' || lower(wanted), 0));
    select * into tag from public.tags where lower(tags.name) = lower(wanted) order by id limit 1;
    if not found then
        insert into public.tags (name, color)
        values (wanted, colors[1 + (hashtext(lower(wanted)) & 7)])
        -- Created in the form meanwhile, which does not take the lock.
        on conflict (name) do nothing
        returning * into tag;
    end if;
    if not found then
        select * into strict tag from public.tags where tags.name = wanted;
    end if;
    return tag;
end;
$$;

grant execute on function public.get_or_create_company(text) to anon, authenticated, service_role;
grant execute on function public.get_or_create_tag(text) to anon, authenticated, service_role;
