"""What people call the columns of the record in English, German, French and Spanish."""

# ruff: noqa: E501 — one line for each column, as in a dictionary

from __future__ import annotations

from typing import Final

SPOKEN: Final = """\
[customers] customer, client, kunde, kunden, company, account, user, member, contact, cliente, compte, guest, subscriber
customer_id: customer id, customer number, customer no, customer code, client id, user id, account id, member id, kundennummer, kunden nr, kunden id, kundennr, kdnr, numero client, code client, id client, id cliente, numero cliente, codigo cliente | id, number, nummer, email, email address, e mail
created_at: customer since, signup date, signed up at, registered at, registration date, joined at, kunde seit, registriert am, client depuis, date inscription, fecha alta, cliente desde | created at, created, create date, createdate, created date, erstellt am, date creation, fecha creacion
name: customer name, company name, full name, kundenname, nom client, nombre cliente | name, nom, nombre, firma, company
email: email, email address, e mail, e mail adresse, mail, courriel, correo, correo electronico
phone: phone, phone number, telephone, telefon, telefonnummer, mobile, tel, telefono
country: country, country code, land, pays, pais, billing country, address country, location country, mailing country | region
region: region, state, province, bundesland, billing state, address state, location region, provincia, default province
city: city, town, stadt, ort, ville, ciudad, billing city, address city, location city
language: language, locale, sprache, langue, idioma, browser language
segment: segment, customer segment, tier, customer group, kundengruppe, kundensegment
plan: plan, plan name, tarif, subscription plan
industry: industry, branche, sector, secteur, industria
acquisition_channel: acquisition channel, lead source, original source, analytics source, source of customer, account source, herkunft
account_owner: account owner, account manager, owner id, hubspot owner id, betreuer
marketing_consent: marketing consent, accepts marketing, accepts email marketing, opt in, newsletter, einwilligung, werbeeinwilligung, werbung erlaubt, newsletter einwilligung, consentement
closed_at: account closed at, closed at, churned at, cancelled at, kundigung am, deleted at

[contacts] contact, ansprechpartner, contact person, interlocuteur, contacto
contact_id: contact id | id
customer_id: account id, company id, customer id, organization id, associated company id, associatedcompanyid
name: full name, contact name | name, last name, lastname
email: email, email address
role: role, title, job title, jobtitle, funktion, position
left_at: left at, left on

[orders] order, sale, bestellung, bestellungen, auftrag, auftrage, commande, pedido, purchase, invoice, rechnung, rechnungen, facture, factura, venta, vente, transaction, booking, shop order, checkout
order_id: order id, order number, order no, order name, invoice no, invoice number, invoice id, invoice, receipt no, receipt number, bestellnummer, bestell nr, bestellnr, bestell id, auftragsnummer, auftrags nr, rechnungsnummer, rechnungsnr, rechnungs nr, belegnummer, beleg nr, numero commande, no commande, numero facture, numero pedido, numero factura, transaction id, transaction number, booking id | id, name, number, nummer, numero, invoice, order
customer_id: customer id, customer number, customer no, customer code, customer, client id, client, user id, account id, buyer id, kundennummer, kunden nr, kunden id, kundennr, kunde, kdnr, numero client, code client, id client, id cliente, cliente, member id, household id, email | customer email, email address
ordered_at: ordered at, order date, order time, invoice date, purchase date, purchased at, bestelldatum, bestellt am, auftragsdatum, rechnungsdatum, kaufdatum, belegdatum, date commande, date facture, date achat, fecha pedido, fecha factura, fecha compra, sale date, transaction date, booking date, effective date, processed at | created at, created, date, created date, datum, fecha, time, timestamp, paid at, tag
amount: order amount, order total, total amount, total price, grand total, net amount, invoice amount, revenue, sales amount, amount paid, umsatz, gesamtbetrag, rechnungsbetrag, bestellwert, summe, gesamtsumme, montant, montant total, total ttc, importe, importe total, dollar value, order value, total price set shop money amount | total, amount, value, betrag, price, prix, precio, netto, sales
discount: discount, discount amount, total discount, total discounts, rabatt, nachlass, remise, descuento
refund_amount: refund amount, refunded amount, amount refunded, total refunded, refund, erstattung, erstattungsbetrag, montant rembourse, reembolso
currency: currency, currency code, wahrung, devise, moneda
status: order status, financial status, bestellstatus, statut commande, estado pedido | status, state, statut, estado
channel: channel, sales channel, order channel, source name, vertriebskanal, kanal, canal | source
region: ship country, shipping country, shipping address country, delivery country, country, lieferland, land, pays, pais, region, market, billing country
promised_at: promised at, promised date, estimated delivery date, order estimated delivery date, expected delivery, liefertermin, date prevue, fecha prevista
shipped_at: shipped at, ship date, shipping date, fulfilled at, dispatched at, versandt am, versanddatum, date expedition, fecha envio
delivered_at: delivered at, delivery date, delivered date, order delivered customer date, geliefert am, lieferdatum, date livraison, fecha entrega
returned_at: returned at, return date, refunded at, retourniert am, retourdatum, date retour, fecha devolucion

[order_lines] order line, order item, line item, orderline, bestellposition, bestellpositionen, position, ligne commande, linea pedido, order detail, order product
order_line_id: order line id, line id, line item id, order item id, positionsnummer | id
order_id: order id, order number, order no, invoice no, invoice number, bestellnummer, auftragsnummer, rechnungsnummer, numero commande, numero pedido, invoice id
product_id: product id, product code, stock code, sku, item id, item code, article id, article number, artikelnummer, artikel nr, artikelnr, produkt id, lineitem sku, item sku, reference article, codigo producto, variant id, ean, upc
product: product, product name, description, item name, item description, title, artikel, artikelbezeichnung, bezeichnung, produkt, produktname, lineitem name, line item name, designation, produit, producto, descripcion | name, item
category: category, product category, product type, warengruppe, kategorie, categorie, categoria, department
quantity: quantity, qty, units, menge, anzahl, stuck, stuckzahl, quantite, qte, cantidad, lineitem quantity, line item quantity, item quantity, number of items
unit_price: unit price, price each, item price, lineitem price, line item price, einzelpreis, stuckpreis, preis, prix unitaire, prix, precio unitario, precio | price, sales price

[subscriptions] subscription, abo, abos, abonnement, abonnements, vertrag, contract, suscripcion, subscription history
subscription_id: subscription id, contract id, abo nummer, abo id, vertragsnummer, numero abonnement | id
customer_id: customer id, customer number, customer no, customer, client id, account id, user id, kundennummer, kunden id, numero client, id cliente
plan: plan, plan name, plan id, product, tarif, product name
mrr: mrr, monthly amount, monthly recurring revenue, monatsbetrag, monthly price, montant mensuel, cuota mensual | amount, price
currency: currency, currency code, wahrung, devise, moneda
valid_from: valid from, start date, started at, start, current period start, laufzeit beginn, beginn, date debut, fecha inicio | created at, created
valid_to: valid to, end date, ended at, end, canceled at, cancelled at, cancellation date, laufzeit ende, date fin, fecha fin
renews_at: renews at, renewal date, next renewal, current period end, verlangerung am
cancel_reason: cancel reason, cancellation reason, churn reason, kundigungsgrund

[payments] payment, charge, zahlung, zahlungen, paiement, pago, payment intent, tender transaction
payment_id: payment id, charge id, transaction id, zahlungs id, zahlungsnummer | id
customer_id: customer id, customer number, customer no, customer, client id, account id, user id, kundennummer, kunden id, numero client, id cliente
order_id: order id, order number, invoice id, invoice number, bestellnummer, rechnungsnummer
subscription_id: subscription id
due_at: due at, due date, fallig am, falligkeit, echeance, vencimiento
paid_at: paid at, payment date, paid on, bezahlt am, zahlungsdatum, date paiement, fecha pago, processed at | created at, created, date
amount: amount, payment amount, betrag, montant, importe
currency: currency, currency code, wahrung, devise, moneda
status: payment status, zahlungsstatus | status, state, paid
method: payment method, zahlungsart, mode paiement, metodo pago | method, kind, gateway
provider: payment provider, gateway, processor

[tickets] ticket, case, incident, support ticket, conversation, issue, request, anfrage, anfragen, vorgang, vorgange, demande, incidencia, helpdesk ticket, enquiry, complaint
ticket_id: ticket id, ticket number, ticket no, case id, case number, incident id, incident number, incident, conversation id, issue key, issue id, request id, request number, sr number, vorgangsnummer, ticketnummer, numero ticket, ticket | id, number, key, nummer, case
customer_id: requester id, requester, customer id, customer number, customer no, customer, caller id, caller, contact id, client id, user id, reporter, account id, kundennummer, kunden id, kunde, melder, demandeur, id client, id cliente, solicitante, customer email, requester email, source author id
order_id: order id, order number, bestellnummer
opened_at: opened at, opened, ticket created at, case created, creation time, geoffnet am, eroffnet am, ouvert le, fecha apertura | created at, created, created date, create date, createdate, creation date, erstellt am, erstellt, date creation, fecha creacion, date
opened_by: opened by type
channel: channel, via channel, contact type, contact channel, source type, kanal, canal, via | source
topic: topic, category, ticket category, case type, subject category, reason, kategorie, thema, categorie, sujet, categoria, motivo, type, contact reason
priority: priority, ticket priority, severity, urgency, prioritat, priorite, prioridad
team: team, group, assignment group, assigned group, team assigned, queue, department, group id, assignee group, abteilung, gruppe, bearbeitergruppe, equipe, grupo, equipo
assignee: assignee, assignee id, assigned to, agent, agent id, agent name, owner, hubspot owner id, resolver, bearbeiter, zugewiesen an, zustandig, assigne, agente
first_handled_at: first handled at, first assigned at, first action at, acknowledged at
first_reply_at: first reply at, first response at, first agent reply date, first responded at, first response time, erste antwort, erste antwort am, premiere reponse, primera respuesta, first contact reply created at
first_resolved_at: first resolved at, first solved at
resolved_at: resolved at, solved at, resolution time, resolution date, closed date, closed at, gelost am, erledigt am, geschlossen am, abgeschlossen am, resolu le, ferme le, resuelto el, fecha resolucion, fecha cierre, date resolution
sla_due_at: sla due at, due at, due date, fallig am
sla_met: sla met, made sla, within sla, sla achieved, in sla, sla eingehalten, sla respecte
reopens: reopens, reopen count, reopened count, reopened, wiedereroffnungen
handoffs: handoffs, reassignment count, reassignments, transfers, assignee stations
escalated: escalated, is escalated, eskaliert, escalade
status: ticket status, case status, incident state | status, state, statut, estado, stage

[messages] message, comment, ticket comment, chat, email, nachricht, nachrichten, conversation part, mensaje, tweet, chat message, commentaire
message_id: message id, comment id, tweet id, nachrichten id, email id, id message | id
conversation_id: conversation id, thread id, chat id, unterhaltung, fil
ticket_id: ticket id, case id, ticket number, ticketnummer
customer_id: customer id, customer number, customer no, client id, contact id, kundennummer, requester id
sent_at: sent at, message time, posted at, gesendet am, envoye le, enviado el | created at, created, date, time, timestamp, datum, fecha
direction: direction, richtung, sens, direccion
author_kind: author type, author kind, sender type, sender role, role, author role, from type
author: author id, author, sender, sender id, user id, from, absender, expediteur, remitente, author name
team: team, group
channel: channel, via channel, kanal, canal
public: public, is public, offentlich
wait_seconds: wait seconds, hold time, hold seconds, queue seconds
text: message, body, text, content, message text, comment, plain body, nachricht, inhalt, contenu, mensaje, texto, tweet

[touches] touch, email send, campaign send, send, mailing, outreach
touch_id: touch id, send id | id, event id
customer_id: customer id, customer number, customer no, recipient id, contact id, recipient, subscriber id, kundennummer, email
sent_at: sent at, send time, send date, versendet am | created at, created, date
channel: channel, kanal
campaign: campaign, campaign name, campaign id, email campaign id, kampagne
opened_at: opened at, open time, geoffnet am
clicked_at: clicked at, click time, geklickt am
unsubscribed_at: unsubscribed at, unsubscribe time, abgemeldet am

[feedback] feedback, survey, nps, csat, ces, review, rating, survey response, bewertung, bewertungen, umfrage, avis, encuesta, enquete, response, satisfaction, resena, nps response, nps survey, csat survey, customer survey
feedback_id: response id, feedback id, bewertung id, bewertungs id, antwort id, umfrage id, review id, survey response id, answer id | id, unnamed 0
customer_id: customer id, customer number, customer no, client id, user id, account id, contact id, respondent id, kundennummer, kunden id, member id, recipient email, reviewer id, email
asked_at: asked at, surveyed at, survey sent at, invited at, invitation date, sent at, befragt am, survey date
answered_at: answered at, responded at, response date, submitted at, submitted on, completed at, recorded date, review date, reviewed at, survey date, beantwortet am, bewertet am, date reponse, fecha respuesta, surveyed at | created at, date, timestamp, datum, fecha
score: score, nps, nps score, nps rating, csat, csat score, ces, ces score, rating, stars, star rating, satisfaction, satisfaction score, satisfaction rating, recommend, likelihood to recommend, bewertung, punkte, sterne, weiterempfehlung, zufriedenheit, note, puntuacion, valoracion, calificacion, how likely, overall rating, effort score
text: review text, comment, comments, review, feedback, review body, verbatim, kommentar, anmerkung, commentaire, comentario, review comment message, free text, remark, text
touchpoint: touchpoint, survey trigger, moment
channel: survey channel, distribution channel, channel
language: language, user language, sprache, langue, idioma
replied_at: replied at, reply date, response from company at
ticket_id: ticket id, case id
order_id: order id, order number

[deals] deal, opportunity, lead, enquiry, angebot, verkaufschance, opportunite, oportunidad, quote
deal_id: deal id, opportunity id, lead id | id
customer_id: account id, customer id, company id, contact id, kundennummer
created_at: created at, created date, createdate, enquiry date, erstellt am, date creation | created, date
first_contact_at: first contact at, first contacted at, first touch at
closed_at: closed at, close date, closedate, closed date, abgeschlossen am, date cloture, fecha cierre
won: won, is won, is closed won, gewonnen, gagne, ganado
stage: stage, stage name, deal stage, dealstage, deal pipeline stage id, phase
amount: deal amount, opportunity amount, deal value | amount, value
currency: currency, currency code
source: lead source, deal source, source, original source
owner: owner id, owner, deal owner, hubspot owner id, owner name
lost_reason: lost reason, loss reason, closed lost reason, verlustgrund
"""
"""Per table, in brackets, the nouns of its files; then each column: telling names | names that only say it in such a file."""
