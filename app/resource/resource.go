// Package resource is the kernel: one declaration of a kind of resource from which its table, API, OpenAPI, pages,
// permissions, audit and events come. Start with Kind (what is declared), Session (who does it), write.go (the one path
// that every write takes) and ledger.go (the record of what happened).
//
// It stands on app/field (what a field can be), store, vault and fault; the areas above it declare kinds and never see the database.
package resource

import (
	"github.com/google/uuid"

	"zygo/app/field"
)

// Row is embedded by every kind that belongs to a tenant.
type Row struct {
	N           int64
	ID          string
	TenantID    string
	WorkspaceID string
	Version     int64
	CreatedAt   field.Time
	UpdatedAt   field.Time
	DeletedAt   field.Time
}

// InstanceRow is embedded by the few kinds that belong to the instance, such as users.
type InstanceRow struct {
	N         int64
	ID        string
	Version   int64
	CreatedAt field.Time
	UpdatedAt field.Time
	DeletedAt field.Time
}

// NewID makes a UUIDv7: unique, and sorted by the time it was made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
