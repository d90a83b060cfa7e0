package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/flow"
	"zygo/app/module"
	"zygo/app/resource"
)

// HomePage shows what needs the person now.
type HomePage struct {
	Shell Shell
	// Counts lead to the lists that they count.
	Counts []Chip
	// Blocks are lists of what waits; one without rows is left out by whoever makes the page.
	Blocks []Section
	// Empty stands where nothing waits.
	Empty *Empty
	// Steps are what to do first, as long as there is nothing yet.
	Steps []FirstStep
	// Resume takes up the steps that were skipped, nil where none was.
	Resume *Action
	// Live is what the page shows, in words of the stream.
	Live string
}

func (HomePage) name() string { return "home" }

// HomeFragment is a HomePage without its shell.
const HomeFragment Fragment = "home-body"

func (HomePage) fragment() Fragment { return HomeFragment }

// FirstStep is one of the things that a new organization does first.
type FirstStep struct {
	Title, Text string
	Action      Action
	// Skip is where a form posts to that takes the step off the list; empty for whoever may not.
	Skip string
	Done bool
}

// homeRows is how many rows each block shows; its heading leads to the rest.
const homeRows = 8

// home shows open incidents, failed and waiting executions, each counted by the query of the list that it leads to.
func (s *Site) home(v *visit) (*edge.Response, error) {
	if v.person.Tenant.ID == "" {
		return edge.Redirect(foundPath), nil
	}
	page := HomePage{Shell: v.shell("Home"), Live: "workflow"}
	for _, block := range s.blocks {
		kind, ok := s.kernel.Kind(block.Kind)
		if !ok || !v.person.May(kind.Spec(), resource.List) {
			continue
		}
		if !strings.Contains(page.Live, block.Kind) {
			page.Live = strings.TrimSpace(page.Live + " " + block.Kind)
		}
		filters := block.Filters(v.person.Session)
		section, err := v.homeBlock(kind, block, filters)
		if err != nil {
			return nil, err
		}
		if section == nil {
			continue
		}
		page.Blocks = append(page.Blocks, *section)
		for _, count := range block.Counts {
			chip, err := v.homeChip(kind, count, filters)
			if err != nil {
				return nil, err
			}
			if chip.Count != "0" {
				page.Counts = append(page.Counts, chip)
			}
		}
	}
	var err error
	if page.Steps, page.Resume, err = v.firstSteps(); err != nil {
		return nil, err
	}
	if page.Blocks == nil && page.Steps == nil {
		page.Empty = &Empty{Icon: "circle-check", Title: "Nothing needs you now", Text: "No incident is open, and no workflow failed or waits."}
	}
	return v.show(http.StatusOK, page)
}

func (v *visit) homeChip(kind resource.Resource, count module.HomeCount, filters []resource.Filter) (Chip, error) {
	all := slices.Clone(filters)
	if count.More != nil {
		all = append(all, count.More(v.person.Session)...)
	}
	page, err := kind.List(v.person.Session, resource.Query{Filters: all, Limit: 1})
	if err != nil {
		return Chip{}, err
	}
	return Chip{Label: count.Label, Count: total(page.Total), Tone: tones[count.Tone], Href: "/" + kind.Spec().Path + filterText(all)}, nil
}

// filterText is what the address of a list with filters ends with.
func filterText(filters []resource.Filter) string {
	values := url.Values{} // and not address.with, which leaves out a filter on what is empty
	for pair := range slices.Chunk(filterPairs(filters), 2) {
		values.Set(pair[0], pair[1])
	}
	return queryText(values)
}

// filterPairs are the parameters of filters, each name with its value.
func filterPairs(filters []resource.Filter) []string {
	var pairs []string
	for _, f := range filters {
		name := "filter[" + f.Field + "]"
		if f.Operator != "eq" {
			name += "[" + f.Operator + "]"
		}
		pairs = append(pairs, name, strings.Join(f.Values, ","))
	}
	return pairs
}

// homeBlock is the first rows of a list, nil where there are none.
func (v *visit) homeBlock(kind resource.Resource, block module.HomeBlock, filters []resource.Filter) (*Section, error) {
	found, err := kind.List(v.person.Session, resource.Query{Filters: filters, SortBy: block.SortBy, Limit: homeRows})
	if err != nil || len(found.Rows) == 0 {
		return nil, err
	}
	rows, times := found.Rows, map[string]int{}
	if block.Title == flow.FailedTitle {
		if rows, times, err = v.sameFailures(kind); err != nil {
			return nil, err
		}
	}
	table, err := v.rowsOf(kind, rows)
	if err != nil {
		return nil, err
	}
	for i := range table.Rows {
		if row := &table.Rows[i]; times[row.ID] > 1 {
			row.Cause = fmt.Sprintf("%d times: %s", times[row.ID], row.Cause)
		}
	}
	table.Caption = block.Title
	path := "/" + kind.Spec().Path + filterText(filters)
	return &Section{Title: block.Title, Action: &Action{Label: "Show all " + total(found.Total), Href: path}, Table: table}, nil
}

// sameFailures gives the newest of each group of executions of one workflow that failed alike, and how many they are, by its id.
func (v *visit) sameFailures(kind resource.Resource) ([]resource.Record, map[string]int, error) {
	failed, err := flow.RecentFailures(v.person.Session)
	if err != nil {
		return nil, nil, err
	}
	newest, times := map[[3]string]string{}, map[string]int{}
	var ids []string
	for i := range failed {
		e := &failed[i]
		key := [3]string{string(e.WorkflowID), e.ErrorNode, e.ErrorMessage}
		if newest[key] == "" && len(ids) < homeRows {
			newest[key] = e.ID
			ids = append(ids, e.ID)
		}
		times[newest[key]]++
	}
	page, err := kind.List(v.person.Session, resource.Query{Filters: []resource.Filter{{Field: "id", Operator: "in", Values: ids}}, Limit: homeRows})
	if err != nil {
		return nil, nil, err
	}
	return page.Rows, times, nil
}

// rowsOf is a plain table of rows: without selection, menus and sorting.
func (v *visit) rowsOf(kind resource.Resource, records []resource.Record) (*Table, error) {
	l := lister{visit: v, kind: kind, spec: kind.Spec()}
	table, err := l.plainTable(records, columnsOf(l.spec))
	if err != nil {
		return nil, err
	}
	if show := v.site.Tables[kind.Spec().Name]; show != nil {
		err = show(v, table, records)
	}
	return table, err
}

// plainTable is a table without selection, menus and sorting.
func (l lister) plainTable(records []resource.Record, columns []*field.Field) (*Table, error) {
	table, err := l.table(records, columns)
	if err != nil {
		return nil, err
	}
	table.Chooses = ""
	for i := range table.Columns {
		table.Columns[i].SortHref, table.Columns[i].Sorted = "", ""
	}
	for i := range table.Rows {
		table.Rows[i].Menu, table.Rows[i].Edit = "", ""
	}
	return table, nil
}
