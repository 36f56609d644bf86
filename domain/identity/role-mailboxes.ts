/** Mailboxes of a function, not of a person: people come and go behind them. Lower case, without separators. */
const ROLES: ReadonlySet<string> = new Set(
  `info information contact contactus contacts hello hi hey mail email mailbox office office365 admin administrator administration
   sales sale support help helpdesk service services customerservice customercare care team marketing press media pr
   newsletter news noreply donotreply no reply billing invoice invoices invoicing accounting accounts accountspayable ap ar finance
   payments purchasing procurement orders order shop store webshop booking bookings reservations reception frontdesk
   general enquiries enquiry inquiries inquiry feedback jobs careers career hr recruiting recruitment legal privacy dpo gdpr security
   abuse postmaster webmaster hostmaster root it itsupport partner partners partnerships alliances channel business
   bd dev developers operations ops logistics export import management board secretary secretariat everyone all staff
   kontakt buero vertrieb verkauf kundenservice kundendienst bestellung bestellungen rechnung rechnungen buchhaltung
   bewerbung presse empfang zentrale einkauf
   contacto ventas comercial administracion facturacion compras atencion atencionalcliente hola oficina
   accueil commercial comptabilite facturation achats secretariat bonjour direction ventes
   contatto contatti vendite commerciale amministrazione fatturazione segreteria ufficio acquisti
   contato vendas comercial financeiro atendimento administrativo faturamento
   verkoop klantenservice administratie facturen inkoop kontor order faktura myynti asiakaspalvelu biuro sprzedaz obchod`
    .trim()
    .split(/\s+/),
);

/** Whether an address in canonical form is a role's mailbox, tags and trailing digits aside: `sales+eu@`, `info2@`. */
export function isRoleMailbox(email: string): boolean {
  const [local = ''] = email.slice(0, email.lastIndexOf('@')).split('+');
  return ROLES.has(local.replace(/[._-]/g, '').replace(/\d+$/, ''));
}
