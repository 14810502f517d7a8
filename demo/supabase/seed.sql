-- What the demo starts with. Run after the migrations, and again when this file changes: what is there already stays.
-- Seeding is not limited: only the API's public roles are.

insert into public.companies (id, name, sector, employees, website, phone, address, city, country, description, created_at)
values
    (1, 'Harbour & Pine', 'Furniture', 84, 'https://www.harbourandpine.example', '+1 555 0110', '12 Wharf Street', 'Portland', 'United States', 'Makes solid wood furniture for hotels and small offices. Buys twice a year, in March and in September.', now() - interval '400 days'),
    (2, 'Lumen Optics', 'Manufacturing', 310, 'https://www.lumenoptics.example', '+1 555 0111', 'Carl-Pulfrich-Straße 8', 'Jena', 'Germany', 'Precision lenses for laboratories. Every order needs a certificate of origin.', now() - interval '383 days'),
    (3, 'Bright Kettle Coffee', 'Food & drink', 46, 'https://www.brightkettlecoffee.example', '+1 555 0112', '3 Temple Quay', 'Bristol', 'United Kingdom', 'Roaster with eleven shops. Wants one system for the shops and the wholesale business.', now() - interval '366 days'),
    (4, 'Atelier Fontaine', 'Fashion', 27, 'https://www.atelierfontaine.example', '+1 555 0113', '41 rue Mercière', 'Lyon', 'France', 'Family business in its third generation; decisions are made by Claire and her brother together.', now() - interval '349 days'),
    (5, 'Nordlys Energi', 'Energy', 1250, 'https://www.nordlysenergi.example', '+1 555 0114', 'Strandgaten 18', 'Bergen', 'Norway', 'Operates 40 small hydro plants. Long procurement, but very loyal once it has decided.', now() - interval '332 days'),
    (6, 'Casa Verde Imports', 'Retail', 63, 'https://www.casaverdeimports.example', '+1 555 0115', 'Carrer de Colón 55', 'Valencia', 'Spain', 'Imports ceramics and olive oil. Asked for invoices in Spanish and English.', now() - interval '315 days'),
    (7, 'Redwood Analytics', 'Software', 140, 'https://www.redwoodanalytics.example', '+1 555 0116', '900 K Street', 'Sacramento', 'United States', 'Sells dashboards to city governments. Technical team, prefers an API to a file.', now() - interval '298 days'),
    (8, 'Okafor Logistics', 'Transport', 520, 'https://www.okaforlogistics.example', '+1 555 0117', '7 Marina Road', 'Lagos', 'Nigeria', 'Runs its own fleet of 180 lorries. Peak season from October to January.', now() - interval '281 days'),
    (9, 'Maple Ridge Dental', 'Health', 38, 'https://www.mapleridgedental.example', '+1 555 0118', '250 Bloor Street West', 'Toronto', 'Canada', 'Four clinics, one purchasing manager. Strict about where patient data is kept.', now() - interval '264 days'),
    (10, 'Silverline Print', 'Media', 72, 'https://www.silverlineprint.example', '+1 555 0119', '18 Foundry Lane', 'Leeds', 'United Kingdom', 'Commercial printer that moved into packaging two years ago.', now() - interval '247 days'),
    (11, 'Tanaka Robotics', 'Manufacturing', 860, 'https://www.tanakarobotics.example', '+1 555 0120', '4-2 Sakae, Naka-ku', 'Nagoya', 'Japan', 'Packaging robots. Meetings early in the morning European time.', now() - interval '230 days'),
    (12, 'Blue Heron Travel', 'Travel', 55, 'https://www.blueherontravel.example', '+1 555 0121', '77 Cuba Street', 'Wellington', 'New Zealand', 'Walking tours for small groups. Quiet from May to August.', now() - interval '213 days'),
    (13, 'Kowalski Bakeries', 'Food & drink', 210, 'https://www.kowalskibakeries.example', '+1 555 0122', 'ul. Długa 31', 'Kraków', 'Poland', 'Bakery chain with a central kitchen, growing by three shops a year.', now() - interval '196 days'),
    (14, 'Meridian Legal', 'Legal', 95, 'https://www.meridianlegal.example', '+1 555 0123', '9 Fitzwilliam Place', 'Dublin', 'Ireland', 'Law firm for shipping and insurance. Needs an audit trail for everything.', now() - interval '179 days'),
    (15, 'Solis Solar', 'Energy', 180, 'https://www.solissolar.example', '+1 555 0124', '2100 Desert View Road', 'Phoenix', 'United States', 'Installs solar panels for schools and warehouses.', now() - interval '162 days'),
    (16, 'Greenfield Organics', 'Agriculture', 33, 'https://www.greenfieldorganics.example', '+1 555 0125', 'Oudegracht 112', 'Utrecht', 'Netherlands', 'Vegetable boxes for 9,000 households, ordered every week.', now() - interval '145 days'),
    (17, 'Almeida Construction', 'Construction', 440, 'https://www.almeidaconstruction.example', '+1 555 0126', 'Rua do Almada 203', 'Porto', 'Portugal', 'Renovates old buildings in the center of town; many subcontractors.', now() - interval '128 days'),
    (18, 'Pixel & Bramble', 'Design', 18, 'https://www.pixelandbramble.example', '+1 555 0127', '26 Thistle Street', 'Edinburgh', 'United Kingdom', 'Design studio. Small budget, but recommends us to its clients.', now() - interval '111 days'),
    (19, 'Rahman Textiles', 'Manufacturing', 690, 'https://www.rahmantextiles.example', '+1 555 0128', 'Plot 14, Tejgaon', 'Dhaka', 'Bangladesh', 'Supplies workwear to hospitals in twelve countries.', now() - interval '94 days'),
    (20, 'Cobalt Cycles', 'Retail', 41, 'https://www.cobaltcycles.example', '+1 555 0129', 'Nørrebrogade 66', 'Copenhagen', 'Denmark', 'Builds and repairs cargo bikes; opened a second workshop last spring.', now() - interval '77 days')
on conflict do nothing;

insert into public.segments (id, name, description)
values
    (1, 'Key accounts', 'The customers that we visit at least once a quarter.'),
    (2, 'Newsletter readers', 'Open most of our newsletters, have not bought yet.'),
    (3, 'Trade fair 2025', 'Left a card at our stand in Hanover.'),
    (4, 'Renewal this year', 'Their contract ends within the year.'),
    (5, 'Pilot customers', 'Try new features before everyone else and tell us what they think.'),
    (6, 'Dormant', 'No answer for more than six months.')
on conflict do nothing;

insert into public.tags (id, name, color)
values
    (1, 'Decision maker', '#5c6bc0'),
    (2, 'Technical', '#26a69a'),
    (3, 'Finance', '#8d6e63'),
    (4, 'Champion', '#66bb6a'),
    (5, 'Price sensitive', '#ffa726'),
    (6, 'Met in person', '#42a5f5'),
    (7, 'Prefers phone', '#ab47bc'),
    (8, 'Speaks French', '#78909c'),
    (9, 'Reference customer', '#ec407a'),
    (10, 'Do not call', '#ef5350')
on conflict do nothing;

insert into public.contacts (id, first_name, last_name, email, phone, title, status, company_id, segment_id, tag_ids, newsletter, created_at)
values
    (1, 'Hannah', 'Whitfield', 'hannah.whitfield@harbourandpine.example', '+1 555 0210', 'Head of Purchasing', 'customer', 1, 1, '{1, 6}', true, now() - interval '2 days'),
    (2, 'Marcus', 'Delgado', 'marcus.delgado@harbourandpine.example', '+1 555 0211', 'Workshop Manager', 'customer', 1, null, '{2}', false, now() - interval '39 days'),
    (3, 'Greta', 'Vogel', 'greta.vogel@lumenoptics.example', '+1 555 0212', 'Chief Technology Officer', 'customer', 2, 5, '{1, 2, 4}', true, now() - interval '76 days'),
    (4, 'Jonas', 'Reinhardt', 'jonas.reinhardt@lumenoptics.example', '+1 555 0213', 'Controller', 'customer', 2, 4, '{3}', false, now() - interval '113 days'),
    (5, 'Anika', 'Brandt', 'anika.brandt@lumenoptics.example', '+1 555 0214', 'Laboratory Lead', 'lead', 2, null, '{2, 6}', true, now() - interval '150 days'),
    (6, 'Oliver', 'Pritchard', 'oliver.pritchard@brightkettlecoffee.example', '+1 555 0215', 'Managing Director', 'customer', 3, 1, '{1, 4, 9}', true, now() - interval '187 days'),
    (7, 'Priya', 'Nair', 'priya.nair@brightkettlecoffee.example', '+1 555 0216', 'Operations Manager', 'customer', 3, 5, '{4, 7}', true, now() - interval '224 days'),
    (8, 'Claire', 'Fontaine', 'claire.fontaine@atelierfontaine.example', '+1 555 0217', 'Owner', 'lead', 4, 3, '{1, 8}', true, now() - interval '261 days'),
    (9, 'Mathieu', 'Fontaine', 'mathieu.fontaine@atelierfontaine.example', '+1 555 0218', 'Owner', 'lead', 4, 3, '{1, 5, 8}', false, now() - interval '8 days'),
    (10, 'Ingrid', 'Solheim', 'ingrid.solheim@nordlysenergi.example', '+1 555 0219', 'Procurement Director', 'customer', 5, 1, '{1, 6, 9}', true, now() - interval '45 days'),
    (11, 'Lars', 'Haugen', 'lars.haugen@nordlysenergi.example', '+1 555 0220', 'IT Architect', 'customer', 5, 4, '{2}', true, now() - interval '82 days'),
    (12, 'Sofie', 'Dahl', 'sofie.dahl@nordlysenergi.example', '+1 555 0221', 'Financial Analyst', 'inactive', 5, 6, '{3}', false, now() - interval '119 days'),
    (13, 'Lucía', 'Navarro', 'lucia.navarro@casaverdeimports.example', '+1 555 0222', 'General Manager', 'lead', 6, 2, '{1, 5}', true, now() - interval '156 days'),
    (14, 'Javier', 'Ortega', 'javier.ortega@casaverdeimports.example', '+1 555 0223', 'Buyer', 'lead', 6, 2, '{}', true, now() - interval '193 days'),
    (15, 'Danielle', 'Brooks', 'danielle.brooks@redwoodanalytics.example', '+1 555 0224', 'VP Product', 'customer', 7, 5, '{1, 2, 4}', true, now() - interval '230 days'),
    (16, 'Kevin', 'Tran', 'kevin.tran@redwoodanalytics.example', '+1 555 0225', 'Lead Engineer', 'customer', 7, 5, '{2}', false, now() - interval '267 days'),
    (17, 'Rosa', 'Delacroix', 'rosa.delacroix@redwoodanalytics.example', '+1 555 0226', 'Head of Sales', 'partner', 7, null, '{4, 8}', true, now() - interval '14 days'),
    (18, 'Chidi', 'Okafor', 'chidi.okafor@okaforlogistics.example', '+1 555 0227', 'Chief Executive', 'customer', 8, 1, '{1, 7}', false, now() - interval '51 days'),
    (19, 'Ngozi', 'Eze', 'ngozi.eze@okaforlogistics.example', '+1 555 0228', 'Fleet Manager', 'customer', 8, 4, '{7}', true, now() - interval '88 days'),
    (20, 'Tunde', 'Balogun', 'tunde.balogun@okaforlogistics.example', '+1 555 0229', 'IT Manager', 'lead', 8, null, '{2}', false, now() - interval '125 days'),
    (21, 'Emily', 'Carter', 'emily.carter@mapleridgedental.example', '+1 555 0230', 'Purchasing Manager', 'lead', 9, 3, '{1, 5}', true, now() - interval '162 days'),
    (22, 'Samuel', 'Ng', 'samuel.ng@mapleridgedental.example', '+1 555 0231', 'Practice Manager', 'inactive', 9, 6, '{10}', false, now() - interval '199 days'),
    (23, 'Fiona', 'Blackwood', 'fiona.blackwood@silverlineprint.example', '+1 555 0232', 'Production Director', 'customer', 10, 4, '{1}', true, now() - interval '236 days'),
    (24, 'Graham', 'Tully', 'graham.tully@silverlineprint.example', '+1 555 0233', 'Account Manager', 'partner', 10, null, '{6}', true, now() - interval '273 days'),
    (25, 'Haruto', 'Tanaka', 'haruto.tanaka@tanakarobotics.example', '+1 555 0234', 'President', 'customer', 11, 1, '{1, 9}', false, now() - interval '20 days'),
    (26, 'Yuki', 'Mori', 'yuki.mori@tanakarobotics.example', '+1 555 0235', 'Export Manager', 'customer', 11, 1, '{4, 6}', true, now() - interval '57 days'),
    (27, 'Kenji', 'Sato', 'kenji.sato@tanakarobotics.example', '+1 555 0236', 'Systems Engineer', 'lead', 11, 5, '{2}', false, now() - interval '94 days'),
    (28, 'Aroha', 'Williams', 'aroha.williams@blueherontravel.example', '+1 555 0237', 'Founder', 'lead', 12, 2, '{1, 5, 7}', true, now() - interval '131 days'),
    (29, 'Ben', 'Hartley', 'ben.hartley@blueherontravel.example', '+1 555 0238', 'Tour Coordinator', 'lead', 12, 2, '{}', true, now() - interval '168 days'),
    (30, 'Piotr', 'Kowalski', 'piotr.kowalski@kowalskibakeries.example', '+1 555 0239', 'Owner', 'customer', 13, 4, '{1}', true, now() - interval '205 days'),
    (31, 'Magda', 'Zielińska', 'magda.zielinska@kowalskibakeries.example', '+1 555 0240', 'Head of Retail', 'customer', 13, null, '{4}', true, now() - interval '242 days'),
    (32, 'Tomasz', 'Wójcik', 'tomasz.wojcik@kowalskibakeries.example', '+1 555 0241', 'Accountant', 'inactive', 13, 6, '{3, 10}', false, now() - interval '279 days'),
    (33, 'Aoife', 'Brennan', 'aoife.brennan@meridianlegal.example', '+1 555 0242', 'Managing Partner', 'lead', 14, 3, '{1, 6}', false, now() - interval '26 days'),
    (34, 'Declan', 'Murphy', 'declan.murphy@meridianlegal.example', '+1 555 0243', 'Compliance Officer', 'lead', 14, 3, '{2, 3}', true, now() - interval '63 days'),
    (35, 'Teresa', 'Valdez', 'teresa.valdez@solissolar.example', '+1 555 0244', 'Chief Operating Officer', 'customer', 15, 1, '{1, 4}', true, now() - interval '100 days'),
    (36, 'Jake', 'Morrison', 'jake.morrison@solissolar.example', '+1 555 0245', 'Field Manager', 'customer', 15, null, '{7}', false, now() - interval '137 days'),
    (37, 'Femke', 'de Vries', 'femke.devries@greenfieldorganics.example', '+1 555 0246', 'Co-founder', 'lead', 16, 2, '{1, 5}', true, now() - interval '174 days'),
    (38, 'Ruben', 'Jansen', 'ruben.jansen@greenfieldorganics.example', '+1 555 0247', 'Logistics Planner', 'lead', 16, null, '{2}', true, now() - interval '211 days'),
    (39, 'António', 'Almeida', 'antonio.almeida@almeidaconstruction.example', '+1 555 0248', 'Director', 'customer', 17, 4, '{1, 6, 8}', false, now() - interval '248 days'),
    (40, 'Beatriz', 'Sousa', 'beatriz.sousa@almeidaconstruction.example', '+1 555 0249', 'Project Manager', 'customer', 17, null, '{4}', true, now() - interval '285 days'),
    (41, 'Isla', 'Mackenzie', 'isla.mackenzie@pixelandbramble.example', '+1 555 0250', 'Creative Director', 'partner', 18, 5, '{4, 9}', true, now() - interval '32 days'),
    (42, 'Callum', 'Reid', 'callum.reid@pixelandbramble.example', '+1 555 0251', 'Developer', 'partner', 18, 5, '{2}', false, now() - interval '69 days'),
    (43, 'Farhana', 'Rahman', 'farhana.rahman@rahmantextiles.example', '+1 555 0252', 'Managing Director', 'customer', 19, 1, '{1}', true, now() - interval '106 days'),
    (44, 'Imran', 'Chowdhury', 'imran.chowdhury@rahmantextiles.example', '+1 555 0253', 'Head of Exports', 'lead', 19, 3, '{6}', true, now() - interval '143 days'),
    (45, 'Mette', 'Lindgaard', 'mette.lindgaard@cobaltcycles.example', '+1 555 0254', 'Shop Manager', 'lead', 20, 2, '{5}', true, now() - interval '180 days'),
    (46, 'Anders', 'Holm', 'anders.holm@cobaltcycles.example', '+1 555 0255', 'Owner', 'lead', 20, 2, '{1}', true, now() - interval '217 days'),
    (47, 'Naomi', 'Fischer', 'naomi.fischer@mail.example', '+1 555 0256', 'Independent Consultant', 'partner', null, null, '{4, 6, 8}', true, now() - interval '254 days'),
    (48, 'Victor', 'Laurent', 'victor.laurent@mail.example', '+1 555 0257', 'Journalist', 'lead', null, null, '{8, 10}', false, now() - interval '291 days'),
    (49, 'Grace', 'Mwangi', 'grace.mwangi@mail.example', '+1 555 0258', 'Trainer', 'partner', null, null, '{4}', true, now() - interval '38 days'),
    (50, 'Elliot', 'Sharpe', 'elliot.sharpe@mail.example', '+1 555 0259', 'Angel Investor', 'inactive', null, 6, '{10}', false, now() - interval '75 days')
on conflict do nothing;

insert into public.contact_notes (id, contact_id, kind, text, created_at)
values
    (1, 1, 'meeting', 'Walked through the new hotel line in the showroom. Hannah wants delivery dates visible to her whole team, not only to her.', now() - interval '3 days'),
    (2, 1, 'call', 'Confirmed the spring order. She asked for one invoice for both warehouses.', now() - interval '21 days'),
    (3, 2, 'email', 'Sent Marcus the guide for scanning labels with a phone.', now() - interval '12 days'),
    (4, 3, 'meeting', 'Greta showed us their test bench. The API limits worry her: they import 4,000 measurements every night.', now() - interval '5 days'),
    (5, 3, 'email', 'Shared the draft of the integration plan, answer expected by Friday.', now() - interval '2 days'),
    (6, 4, 'call', 'Budget for next year is approved; renewal needs two signatures.', now() - interval '30 days'),
    (7, 6, 'meeting', 'Lunch in the new shop at Temple Quay. Oliver is glad to be a reference, but not in the local press.', now() - interval '8 days'),
    (8, 7, 'call', 'Priya would rather be called after two in the afternoon: mornings belong to the shops.', now() - interval '15 days'),
    (9, 8, 'meeting', 'Claire liked the demo, her brother found the price high. Come back with a plan for three people.', now() - interval '11 days'),
    (10, 9, 'email', 'Mathieu asked for a comparison with the spreadsheet that they use now.', now() - interval '9 days'),
    (11, 10, 'meeting', 'Day in Bergen with the whole procurement team. They want all plants in one pipeline.', now() - interval '18 days'),
    (12, 10, 'call', 'Ingrid is on leave until the tenth; Lars decides meanwhile.', now() - interval '4 days'),
    (13, 11, 'email', 'Lars sent the list of systems that must be connected. Single sign-on is the hard one.', now() - interval '6 days'),
    (14, 13, 'call', 'Lucía will decide after the Easter season.', now() - interval '27 days'),
    (15, 15, 'meeting', 'Danielle offered to test the new reports with two of her customers.', now() - interval '7 days'),
    (16, 16, 'email', 'Kevin found a mistake in our API documentation. Fixed the same day, sent him a thank-you.', now() - interval '14 days'),
    (17, 18, 'call', 'Mr Okafor wants to speak with another customer of his size before he signs.', now() - interval '10 days'),
    (18, 19, 'call', 'Ngozi reported that the mobile page is slow in the depot. Passed on to support.', now() - interval '1 days'),
    (19, 21, 'email', 'Emily needs a statement about where the data is kept. Sent the one for Canada.', now() - interval '16 days'),
    (20, 23, 'meeting', 'Fiona is happy with the packaging pipeline and asked for a second one for reprints.', now() - interval '20 days'),
    (21, 25, 'meeting', 'First visit to Nagoya. Mr Tanaka expects an answer on the same day, always.', now() - interval '33 days'),
    (22, 26, 'email', 'Yuki translated our one-page summary into Japanese. Very kind of her.', now() - interval '31 days'),
    (23, 30, 'call', 'Piotr opens three more shops this year and wants a price for twelve people.', now() - interval '13 days'),
    (24, 33, 'meeting', 'Meridian cannot sign without an audit trail. Enterprise is the only license that fits.', now() - interval '17 days'),
    (25, 35, 'call', 'Teresa asked whether the field team can work without a connection.', now() - interval '5 days'),
    (26, 35, 'email', 'Sent her the roadmap: working offline is planned for the autumn.', now() - interval '4 days'),
    (27, 39, 'meeting', 'António keeps his notes on paper. Beatriz will enter them for him.', now() - interval '22 days'),
    (28, 41, 'meeting', 'Isla recommended us to two of her clients. Owe her a dinner.', now() - interval '9 days'),
    (29, 43, 'call', 'Farhana would like all invoices in US dollars from July on.', now() - interval '19 days'),
    (30, 45, 'other', 'Met Mette by chance at the bike fair; she will visit our stand tomorrow.', now() - interval '24 days'),
    (31, 47, 'email', 'Naomi runs the onboarding for us in Switzerland from next month.', now() - interval '6 days'),
    (32, 49, 'meeting', 'Grace tried the new training material with eight people. Part three is too long.', now() - interval '12 days')
on conflict do nothing;

insert into public.products (id, name, reference, category, unit_price, description, available)
values
    (1, 'CRM Starter', 'CRM-010', 'License', 29, 'For one team of up to five people, per month.', true),
    (2, 'CRM Business', 'CRM-020', 'License', 79, 'Unlimited pipelines, reports and API access, per person and month.', true),
    (3, 'CRM Enterprise', 'CRM-030', 'License', 149, 'Single sign-on, audit trail and a service level agreement, per person and month.', true),
    (4, 'Data import', 'SRV-100', 'Service', 1200, 'We move customers, contacts and history from the old system.', true),
    (5, 'Onboarding workshop', 'SRV-110', 'Service', 1850, 'One day on site for up to twelve people.', true),
    (6, 'Custom report', 'SRV-120', 'Service', 640, 'One report made to measure, with its documentation.', true),
    (7, 'Integration day', 'SRV-130', 'Service', 980, 'A day of an engineer, for connecting other systems.', true),
    (8, 'Premium support', 'SUP-200', 'Support', 350, 'Answers within two hours on working days, per month.', true),
    (9, 'Round-the-clock support', 'SUP-210', 'Support', 900, 'Answers within thirty minutes, nights and weekends included, per month.', true),
    (10, 'E-mail campaign add-on', 'ADD-300', 'Add-on', 45, 'Newsletters to up to 10,000 contacts, per month.', true),
    (11, 'Telephony add-on', 'ADD-310', 'Add-on', 18, 'Call from the contact''s page, per person and month.', true),
    (12, 'Classic desktop client', 'OLD-900', 'License', 240, 'No longer sold; kept for the opportunities that have it.', false)
on conflict do nothing;

insert into public.opportunities (id, name, company_id, contact_id, stage, amount, expected_on, description, created_at, updated_at)
values
    (1, 'Showroom and warehouse teams', 1, 1, 'negotiation', 3272, current_date + 21, 'Two teams, one pipeline. Delivery dates must be visible to everyone.', now() - interval '10 days', now() - interval '0 days'),
    (2, 'Nightly measurement import', 2, 3, 'proposal', 10431, current_date + 35, 'Connect the test benches to our API.', now() - interval '16 days', now() - interval '1 days'),
    (3, 'Renewal for the laboratory', 2, 4, 'qualified', 900, current_date + 60, 'Same as last year, perhaps with support.', now() - interval '22 days', now() - interval '2 days'),
    (4, 'All shops on one system', 3, 6, 'won', 6628, current_date - 20, 'Eleven shops and wholesale.', now() - interval '28 days', now() - interval '3 days'),
    (5, 'Sales pipeline for the atelier', 4, 8, 'proposal', 987, current_date + 28, 'Three people to begin with.', now() - interval '34 days', now() - interval '4 days'),
    (6, 'Hydro plants, all in one pipeline', 5, 10, 'negotiation', 28340, current_date + 45, 'Forty plants, single sign-on is a must.', now() - interval '40 days', now() - interval '5 days'),
    (7, 'Starter for the buying team', 6, 13, 'lead', 116, current_date + 80, 'After the Easter season.', now() - interval '46 days', now() - interval '6 days'),
    (8, 'City dashboards, second phase', 7, 15, 'qualified', 7120, current_date + 50, 'Reports made to measure for two cities.', now() - interval '52 days', now() - interval '7 days'),
    (9, 'Fleet customer service', 8, 18, 'proposal', 5140, current_date + 30, 'Wants to speak with a reference customer first.', now() - interval '58 days', now() - interval '8 days'),
    (10, 'Four clinics', 9, 21, 'lead', 632, current_date + 90, 'Depends on where the data is kept.', now() - interval '64 days', now() - interval '9 days'),
    (11, 'Pipeline for reprints', 10, 23, 'won', 956, current_date - 8, 'A second pipeline and a report for it.', now() - interval '70 days', now() - interval '10 days'),
    (12, 'Export department', 11, 26, 'won', 6286, current_date - 33, 'Japanese summary was decisive.', now() - interval '76 days', now() - interval '11 days'),
    (13, 'Twelve shop managers', 13, 30, 'negotiation', 1428, current_date + 14, 'Three new shops this year.', now() - interval '82 days', now() - interval '12 days'),
    (14, 'Audit trail for all partners', 14, 33, 'qualified', 3278, current_date + 55, 'Only Enterprise fits.', now() - interval '88 days', now() - interval '13 days'),
    (15, 'Field team, working offline', 15, 35, 'lead', 2370, current_date + 120, 'Waits for the offline mode.', now() - interval '94 days', now() - interval '14 days'),
    (16, 'Subscription for the planners', 16, 37, 'lost', 145, current_date - 15, 'Chose to stay with spreadsheets.', now() - interval '100 days', now() - interval '15 days'),
    (17, 'Site managers in Porto', 17, 39, 'proposal', 3664, current_date + 25, 'Import of nine years of paper notes.', now() - interval '106 days', now() - interval '16 days'),
    (18, 'Hospital workwear portal', 19, 43, 'qualified', 5000, current_date + 70, 'Invoices in US dollars.', now() - interval '112 days', now() - interval '17 days')
on conflict do nothing;

insert into public.opportunity_products (id, opportunity_id, product_id, quantity, unit_price)
values
    (1, 1, 2, 18, 79),
    (2, 1, 5, 1, 1850),
    (3, 2, 7, 6, 980),
    (4, 2, 2, 9, 79),
    (5, 2, 8, 12, 320),
    (6, 3, 2, 12, 75),
    (7, 4, 2, 24, 72),
    (8, 4, 4, 1, 1200),
    (9, 4, 5, 2, 1850),
    (10, 5, 1, 3, 29),
    (11, 5, 4, 1, 900),
    (12, 6, 3, 60, 139),
    (13, 6, 7, 10, 980),
    (14, 6, 9, 12, 850),
    (15, 7, 1, 4, 29),
    (16, 8, 6, 5, 640),
    (17, 8, 7, 4, 980),
    (18, 9, 2, 35, 76),
    (19, 9, 11, 35, 18),
    (20, 9, 5, 1, 1850),
    (21, 10, 2, 8, 79),
    (22, 11, 6, 1, 640),
    (23, 11, 2, 4, 79),
    (24, 12, 3, 14, 149),
    (25, 12, 8, 12, 350),
    (26, 13, 2, 12, 74),
    (27, 13, 10, 12, 45),
    (28, 14, 3, 22, 149),
    (29, 15, 2, 30, 79),
    (30, 16, 1, 5, 29),
    (31, 17, 2, 16, 79),
    (32, 17, 4, 2, 1200),
    (33, 18, 2, 20, 79),
    (34, 18, 7, 3, 980),
    (35, 18, 12, 2, 240)
on conflict do nothing;

-- The next records get the ids after these.
select setval(pg_get_serial_sequence('public.companies', 'id'), (select max(id) from public.companies));
select setval(pg_get_serial_sequence('public.segments', 'id'), (select max(id) from public.segments));
select setval(pg_get_serial_sequence('public.tags', 'id'), (select max(id) from public.tags));
select setval(pg_get_serial_sequence('public.contacts', 'id'), (select max(id) from public.contacts));
select setval(pg_get_serial_sequence('public.contact_notes', 'id'), (select max(id) from public.contact_notes));
select setval(pg_get_serial_sequence('public.products', 'id'), (select max(id) from public.products));
select setval(pg_get_serial_sequence('public.opportunities', 'id'), (select max(id) from public.opportunities));
select setval(pg_get_serial_sequence('public.opportunity_products', 'id'), (select max(id) from public.opportunity_products));
