// Package resource is the kernel: one declaration of a kind of resource from which its table, API, OpenAPI, pages,
// permissions, audit and events come. Start with Kind (what is declared), Session (who does it), write.go (the one path
// that every write takes) and ledger.go (the record of what happened).
//
// It imports store, fault and nothing else of Zygo; the areas above it declare kinds and never see the database.
package resource

import (
	"strings"

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

// plural is the word for many of a kind, which names its path.
func plural(word string) string {
	switch {
	case strings.HasSuffix(word, "y") && !strings.ContainsRune("aeiou", rune(word[len(word)-2])):
		return word[:len(word)-1] + "ies"
	case strings.HasSuffix(word, "s"), strings.HasSuffix(word, "x"), strings.HasSuffix(word, "ch"):
		return word + "es"
	}
	return word + "s"
}

// past is the past tense of an action, which names its event.
func past(verb string) string {
	if strings.HasSuffix(verb, "e") {
		return verb + "d"
	}
	return verb + "ed"
}
