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

type (
	// StatusSpelling is how a key's status is written in answers.
	StatusSpelling string
	// TokenSpelling is how the answer to a token exchange names its fields.
	TokenSpelling string
	// CreateCode is the HTTP status of a successful creation.
	CreateCode string
	// CreateTiming is what a new key looks like right after its creation.
	CreateTiming string
	// CreateOutcome is the status that a new key ends up with.
	CreateOutcome string
	// DeleteAnswer is how a deletion that was accepted is answered.
	DeleteAnswer string
	// DeleteTiming is what becomes of a key whose deletion was accepted.
	DeleteTiming string
	// GoneAnswer is how a request for a key that does not exist is answered.
	GoneAnswer string
	// ACLName is what answers call the name in an ACL rule.
	ACLName string
	// ACLOrder is the order of ACL rules in answers.
	ACLOrder string
	// ACLResource says whether answers name the default resource of an ACL rule.
	ACLResource string
	// WhitelistForm is how the addresses of whitelist_ips are written in answers.
	WhitelistForm string
	// WhitelistEmpty is how an empty whitelist of a Kafka user is answered.
	WhitelistEmpty string
	// Clearing is what a PATCH does with null, "" and []; the package documentation has the table.
	Clearing string
	// EmptyValues is what stands in an answer for a text or list that is not set.
	EmptyValues string
	// DefaultScope is how the MCP scope of an unrestricted key is answered.
	DefaultScope string
	// DescriptionForm is how a description comes back.
	DescriptionForm string
	// PermissionRoles is what stands for the roles of a permission-based key.
	PermissionRoles string
	// UpdateTiming is what a key looks like right after Kafka access was added.
	UpdateTiming string
	// RoleOrder is the order of a key's roles in answers.
	RoleOrder string
	// ExtraFields says whether every object of every answer has members that the contract does not know.
	ExtraFields string
	// SameName is how a request is answered that gives a key the name of another key of the same project.
	SameName string
	// OtherProject is how a request for a key of another project of the tenant is answered. The list shows such keys in any case.
	OtherProject string
	// Granting is what a caller can give to a key.
	Granting string
)

// The variants of each row, the default first.
const (
	StatusLower StatusSpelling = "lower"
	StatusTitle StatusSpelling = "title"
	StatusUpper StatusSpelling = "upper"
	StatusKebab StatusSpelling = "kebab"

	TokenCamel      TokenSpelling = "camel"
	TokenSnake      TokenSpelling = "snake"
	TokenNoLifetime TokenSpelling = "no-lifetime"

	Create200 CreateCode = "200"
	Create201 CreateCode = "201"

	CreateAtOnce        CreateTiming = "at-once"
	CreatingFirst       CreateTiming = "creating"
	CreateNotFoundFirst CreateTiming = "not-found-first"

	CreateActive CreateOutcome = "active"
	CreateFailed CreateOutcome = "failed"

	Delete200Empty DeleteAnswer = "200-empty"
	Delete200Body  DeleteAnswer = "200-body"
	Delete202      DeleteAnswer = "202"
	Delete204      DeleteAnswer = "204"

	DeleteAtOnce        DeleteTiming = "at-once"
	DeletingFirst       DeleteTiming = "deleting"
	DeleteFailedOnce    DeleteTiming = "failed-once"
	DeleteFailedForever DeleteTiming = "failed-forever"

	Gone404 GoneAnswer = "404"
	Gone400 GoneAnswer = "400"

	ACLNameName      ACLName = "name"
	ACLNameTopicName ACLName = "topic_name"

	ACLOrderKept     ACLOrder = "kept"
	ACLOrderSorted   ACLOrder = "sorted"
	ACLOrderShuffled ACLOrder = "shuffled"

	ACLResourceShown           ACLResource = "shown"
	ACLResourceAbsentWhenTopic ACLResource = "absent-when-topic"

	WhitelistAsSent    WhitelistForm = "as-sent"
	WhitelistSpaced    WhitelistForm = "spaced"
	WhitelistReordered WhitelistForm = "reordered"
	WhitelistCIDR      WhitelistForm = "cidr"

	WhitelistEmptyString WhitelistEmpty = "empty-string"
	WhitelistNull        WhitelistEmpty = "null"

	EmptyClears   Clearing = "empty-clears"
	NullClears    Clearing = "null-clears"
	NullOnly      Clearing = "null-only"
	NothingClears Clearing = "nothing-clears"

	EmptyNull   EmptyValues = "null"
	EmptyString EmptyValues = "empty-string"
	EmptyList   EmptyValues = "empty-list"
	EmptyBoth   EmptyValues = "both"

	ScopeNull DefaultScope = "null"
	ScopeFull DefaultScope = "full"

	DescriptionAsSent      DescriptionForm = "as-sent"
	DescriptionTrimmed     DescriptionForm = "trimmed"
	DescriptionHTMLRemoved DescriptionForm = "html-removed"
	DescriptionHTMLEscaped DescriptionForm = "html-escaped"

	PermissionRolesEmpty PermissionRoles = "empty"
	PermissionRolesNull  PermissionRoles = "null"

	UpdateAtOnce   UpdateTiming = "at-once"
	UpdateCreating UpdateTiming = "creating"

	RoleOrderCatalogue RoleOrder = "catalogue"
	RoleOrderKept      RoleOrder = "kept"
	RoleOrderReversed  RoleOrder = "reversed"
	RoleOrderShuffled  RoleOrder = "shuffled"

	ExtraNone ExtraFields = "none"
	ExtraSome ExtraFields = "some"

	SameNameAccepted SameName = "accepted"
	SameName409      SameName = "409"
	SameName422      SameName = "422"

	OtherReadable  OtherProject = "readable"
	OtherForbidden OtherProject = "forbidden"
	OtherMissing   OtherProject = "missing"

	GrantAny Granting = "any"
	GrantOwn Granting = "own"
)
