package module

import (
	"slices"

	"zygo/app/resource"
)

// HomeBlock is the first rows of a list on the page that people begin at. It is shown where there are any.
type HomeBlock struct {
	Kind, Title string
	// Rank puts the blocks of all modules in order: what hurts most now comes first.
	Rank int
	// Filters pick the rows. They know the time and the person.
	Filters func(s *resource.Session) []resource.Filter
	// SortBy is the field that puts the rows in order; empty is that of the kind's list.
	SortBy string
	// Counts stand at the head of the page.
	Counts []HomeCount
}

// HomeCount is a number with a colour (red, amber, blue or grey), and what it adds to the filters of its block.
type HomeCount struct {
	Label, Tone string
	More        func(s *resource.Session) []resource.Filter
}

// Where is a filter that needs to know nothing.
func Where(filters ...resource.Filter) func(s *resource.Session) []resource.Filter {
	return func(*resource.Session) []resource.Filter { return filters }
}

// Is picks the rows whose field is one of the values.
func Is(field string, values ...string) resource.Filter {
	if len(values) == 1 {
		return resource.Filter{Field: field, Operator: "eq", Values: values}
	}
	return resource.Filter{Field: field, Operator: "in", Values: values}
}

// Home are the blocks of all modules by their rank.
func Home(all []Module) []HomeBlock {
	var blocks []HomeBlock
	for _, m := range all {
		blocks = append(blocks, m.Home...)
	}
	slices.SortStableFunc(blocks, func(a, b HomeBlock) int { return a.Rank - b.Rank })
	return blocks
}
