/** What a part of this core needs objects for. Without one of them, only that part waits. */
export type Purpose = 'clients' | 'users' | 'calls' | 'letters' | 'messages' | 'meetings' | 'leads' | 'events';

/** The kind of value that an attribute holds. `composite` is a reference to one of several kinds of objects, or a text. */
export type ValueKind = 'reference' | 'composite' | 'text' | 'flag' | 'date' | 'number';

/** An attribute that we read or write. */
export interface Attribute {
  readonly kind: ValueKind;
  /** Whether we do without it where it does not exist. */
  readonly isOptional: boolean;
  /** The least length of a text that serves us; shorter texts of people are cut, but ids can't be. */
  readonly atLeast?: number;
}

/** Attributes by the names that they have in the configuration. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** An object of the configuration that we use. */
export interface UsedObject {
  /** Its set, such as `Catalog_Партнеры`. */
  readonly set: string;
  readonly purpose: Purpose;
  /** Whether we do without it where it does not exist. */
  readonly isOptional?: true;
  readonly attributes: Attributes;
  /** Tabular sections by name. */
  readonly sections?: Readonly<Record<string, Attributes>>;
}

/** What an object of the directory is in this configuration. Its id begins with it: `partner-GUID`. */
export type Role = 'partner' | 'counterparty' | 'person' | 'lead' | 'leadPerson' | 'deal';

/** A set of objects that belong to a client. */
export interface RelatedSet {
  /** `counterparty`: its telephones and addresses are those of the client. */
  readonly role: 'counterparty' | 'person' | 'leadPerson' | 'deal';
  readonly set: string;
  /** The attribute that names the client: a reference, unless `composite` is set. */
  readonly owner: string;
  readonly composite?: true;
  /** A further condition, in OData. */
  readonly only?: string;
  /** The attribute that is shown as its name; `Description` by default. */
  readonly name?: string;
  /** The attribute that is shown as a deal's stage. */
  readonly stage?: string;
}

/** A set whose objects are clients. */
export interface ClientSet {
  readonly role: 'partner' | 'counterparty' | 'lead' | 'person';
  readonly set: string;
  /** The attribute that names the responsible user or employee; null if there is none. */
  readonly responsible: string | null;
  /** The attribute that tells people from companies, if there is one. */
  readonly legalForm: string | null;
  /** Whether some items are folders. */
  readonly hasFolders: boolean;
  /** A further condition, in OData: such as that a lead is open. */
  readonly only?: string;
  readonly related: readonly RelatedSet[];
  /** The register that ties contact persons to clients, where they are not owned. */
  readonly links?: LinkRegister;
  /** Set for contact persons who are clients themselves as long as the register ties them to nobody. */
  readonly unlinked?: LinkRegister;
}

/** A periodic register of clients and contact persons. The latest record of a pair counts. */
export interface LinkRegister {
  readonly set: string;
  readonly client: string;
  readonly person: string;
  /** The flag of a link that no longer holds. */
  readonly invalid: string;
  /** The catalog of the contact persons. */
  readonly persons: string;
}

/** Where the people who work in 1C are. */
export interface StaffShape {
  /** The catalog that responsible persons are from. */
  readonly responsible: 'Catalog_Пользователи' | 'Catalog_Сотрудники';
  /** The register that ties employees to users, where the responsible persons are employees. */
  readonly employees: string | null;
  /** The register of the users' extensions, where they are not in the contact information. */
  readonly extensions: string | null;
}

/** A family of configurations that can be told apart by their objects. */
export type Family = 'trade' | 'unf' | 'crm' | 'accounting';

/** What we use of a configuration, and for what. Data only; `metadata/` checks it against a base. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly family: Family;
  readonly objects: readonly UsedObject[];
  readonly clients: readonly ClientSet[];
  readonly staff: StaffShape;
}
