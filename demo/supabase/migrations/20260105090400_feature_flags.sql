-- Feature flags that are turned on for a share of the people, without a new version of the admin.

create table public.feature_flags (
    name text primary key check (trim(name) <> ''),
    -- How many people of a hundred are in. Which ones, the admin works out: see rolloutByKey of ra-rate-limit.
    percent integer not null default 0 check (percent between 0 and 100)
);

insert into public.feature_flags (name, percent) values ('rate_limit', 100);

-- Open to everyone, as the whole demo is: on a real server, people read flags and only administrators change them.
-- Not limited by the rate limiter, which is for the CRM's own tables: a flag is what one reaches for in a bad moment.
alter table public.feature_flags enable row level security;

create policy "open demo" on public.feature_flags
for all to anon, authenticated using (true) with check (true);

grant select, update on public.feature_flags to anon, authenticated;
grant select, insert, update, delete on public.feature_flags to service_role;
