// SPDX-License-Identifier: MPL-2.0

package simulator

// Dialect says which of its possible behaviours the service shows. Every field
// is one row of the table that Rows returns; an empty field means the row's
// first variant, so the zero Dialect is a complete one.
//
// A dialect never changes what the simulator holds for a key, only how an
// answer is spelled or what a request does; see each row.
type Dialect struct {
	Status          StatusSpelling
	Token           TokenSpelling
	CreateCode      CreateCode
	CreateTiming    CreateTiming
	CreateOutcome   CreateOutcome
	DeleteAnswer    DeleteAnswer
	DeleteTiming    DeleteTiming
	Gone            GoneAnswer
	ACLName         ACLName
	ACLOrder        ACLOrder
	ACLResource     ACLResource
	WhitelistForm   WhitelistForm
	WhitelistEmpty  WhitelistEmpty
	Clearing        Clearing
	EmptyValues     EmptyValues
	DefaultScope    DefaultScope
	Description     DescriptionForm
	PermissionRoles PermissionRoles
	UpdateTiming    UpdateTiming
	RoleOrder       RoleOrder
	ExtraFields     ExtraFields
	SameName        SameName
	OtherProject    OtherProject
	Granting        Granting
}

// StatusSpelling is how a key's status is written in answers.
type StatusSpelling string

const (
	StatusLower StatusSpelling = "lower"
	StatusTitle StatusSpelling = "title"
	StatusUpper StatusSpelling = "upper"
	StatusKebab StatusSpelling = "kebab"
)

// TokenSpelling is how the answer to a token exchange names its fields.
type TokenSpelling string

const (
	TokenCamel      TokenSpelling = "camel"
	TokenSnake      TokenSpelling = "snake"
	TokenNoLifetime TokenSpelling = "no-lifetime"
)

// CreateCode is the HTTP status of a successful creation.
type CreateCode string

const (
	Create200 CreateCode = "200"
	Create201 CreateCode = "201"
)

// CreateTiming is what a new key looks like right after its creation.
type CreateTiming string

const (
	CreateAtOnce        CreateTiming = "at-once"
	CreatingFirst       CreateTiming = "creating"
	CreateNotFoundFirst CreateTiming = "not-found-first"
)

// CreateOutcome is the status that a new key ends up with.
type CreateOutcome string

const (
	CreateActive CreateOutcome = "active"
	CreateFailed CreateOutcome = "failed"
)

// DeleteAnswer is how a deletion that was accepted is answered.
type DeleteAnswer string

const (
	Delete200Empty DeleteAnswer = "200-empty"
	Delete200Body  DeleteAnswer = "200-body"
	Delete202      DeleteAnswer = "202"
	Delete204      DeleteAnswer = "204"
)

// DeleteTiming is what becomes of a key whose deletion was accepted.
type DeleteTiming string

const (
	DeleteAtOnce        DeleteTiming = "at-once"
	DeletingFirst       DeleteTiming = "deleting"
	DeleteFailedOnce    DeleteTiming = "failed-once"
	DeleteFailedForever DeleteTiming = "failed-forever"
)

func (t DeleteTiming) atOnce() bool { return t == "" || t == DeleteAtOnce }

// GoneAnswer is how a request for a key that does not exist is answered.
type GoneAnswer string

const (
	Gone404 GoneAnswer = "404"
	Gone400 GoneAnswer = "400"
)

// ACLName is what answers call the name in an ACL rule.
type ACLName string

const (
	ACLNameName      ACLName = "name"
	ACLNameTopicName ACLName = "topic_name"
)

// ACLOrder is the order of ACL rules in answers.
type ACLOrder string

const (
	ACLOrderKept     ACLOrder = "kept"
	ACLOrderSorted   ACLOrder = "sorted"
	ACLOrderShuffled ACLOrder = "shuffled"
)

// ACLResource says whether answers name the default resource of an ACL rule.
type ACLResource string

const (
	ACLResourceShown           ACLResource = "shown"
	ACLResourceAbsentWhenTopic ACLResource = "absent-when-topic"
)

// WhitelistForm is how the addresses of whitelist_ips are written in answers.
type WhitelistForm string

const (
	WhitelistAsSent    WhitelistForm = "as-sent"
	WhitelistSpaced    WhitelistForm = "spaced"
	WhitelistReordered WhitelistForm = "reordered"
	WhitelistCIDR      WhitelistForm = "cidr"
)

// WhitelistEmpty is how an empty whitelist of a Kafka user is answered.
type WhitelistEmpty string

const (
	WhitelistEmptyString WhitelistEmpty = "empty-string"
	WhitelistNull        WhitelistEmpty = "null"
)

// Clearing is what a PATCH does with null, "" and []; the package
// documentation has the table.
type Clearing string

const (
	EmptyClears   Clearing = "empty-clears"
	NullClears    Clearing = "null-clears"
	NullOnly      Clearing = "null-only"
	NothingClears Clearing = "nothing-clears"
)

// EmptyValues is what stands in an answer for a text or list that is not set.
type EmptyValues string

const (
	EmptyNull   EmptyValues = "null"
	EmptyString EmptyValues = "empty-string"
	EmptyList   EmptyValues = "empty-list"
	EmptyBoth   EmptyValues = "both"
)

// DefaultScope is how the MCP scope of an unrestricted key is answered.
type DefaultScope string

const (
	ScopeNull DefaultScope = "null"
	ScopeFull DefaultScope = "full"
)

// DescriptionForm is how a description comes back.
type DescriptionForm string

const (
	DescriptionAsSent      DescriptionForm = "as-sent"
	DescriptionTrimmed     DescriptionForm = "trimmed"
	DescriptionHTMLRemoved DescriptionForm = "html-removed"
	DescriptionHTMLEscaped DescriptionForm = "html-escaped"
)

// PermissionRoles is what stands for the roles of a permission-based key.
type PermissionRoles string

const (
	PermissionRolesEmpty PermissionRoles = "empty"
	PermissionRolesNull  PermissionRoles = "null"
)

// UpdateTiming is what a key looks like right after Kafka access was added.
type UpdateTiming string

const (
	UpdateAtOnce   UpdateTiming = "at-once"
	UpdateCreating UpdateTiming = "creating"
)

// RoleOrder is the order of a key's roles in answers.
type RoleOrder string

const (
	RoleOrderCatalogue RoleOrder = "catalogue"
	RoleOrderKept      RoleOrder = "kept"
	RoleOrderReversed  RoleOrder = "reversed"
	RoleOrderShuffled  RoleOrder = "shuffled"
)

// ExtraFields says whether every object of every answer has members that the
// contract does not know.
type ExtraFields string

const (
	ExtraNone ExtraFields = "none"
	ExtraSome ExtraFields = "some"
)

// SameName is how a request is answered that gives a key the name of another
// key of the same project.
type SameName string

const (
	SameNameAccepted SameName = "accepted"
	SameName409      SameName = "409"
	SameName422      SameName = "422"
)

// OtherProject is how a request for a key of another project of the tenant is
// answered. The list shows such keys in any case.
type OtherProject string

const (
	OtherReadable  OtherProject = "readable"
	OtherForbidden OtherProject = "forbidden"
	OtherMissing   OtherProject = "missing"
)

// Granting is what a caller can give to a key.
type Granting string

const (
	GrantAny Granting = "any"
	GrantOwn Granting = "own"
)
