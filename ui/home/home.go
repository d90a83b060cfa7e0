package home

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/app/flow"
	"zygo/app/module"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// HomePage shows what needs the person now.
type HomePage struct {
	Shell markup.Shell
	// Counts lead to the lists that they count.
	Counts []markup.Chip
	// Blocks are lists of what waits; one without rows is left out by anyone who makes the page.
	Blocks []markup.Section
	// Empty stands where nothing waits.
	Empty *markup.Empty
	// Steps are what to do first, as long as there is nothing yet.
	Steps []FirstStep
	// Resume takes up the steps that were skipped, nil where none was.
	Resume *markup.Action
	// Live is what the page shows, in words of the stream.
	Live string
}

func (HomePage) Template() string { return "home" }

// HomeFragment is a HomePage without its shell.
const HomeFragment markup.Fragment = "home-body"

func (HomePage) Part() markup.Fragment { return HomeFragment }

// homeRows is how many rows each block shows; its heading leads to the rest.
const homeRows = 8

// home shows open incidents, failed and waiting executions, each counted by the query of the list that it leads to.
func home(v *web.Visit) (*edge.Response, error) {
	if v.Person.Tenant.ID == "" {
		return edge.Redirect(web.CreateTenantPath), nil
	}
	page := HomePage{Shell: v.Shell("Home"), Live: "workflow"}
	for _, block := range v.Site.Home {
		kind, ok := v.Site.Kernel.Kind(block.Kind)
		if !ok || !v.Person.May(kind.Spec(), resource.List) {
			continue
		}
		if !strings.Contains(page.Live, block.Kind) {
			page.Live = strings.TrimSpace(page.Live + " " + block.Kind)
		}
		filters := block.Filters(v.Person.Session)
		section, err := homeBlock(v, kind, block, filters)
		if err != nil {
			return nil, err
		}
		if section == nil {
			continue
		}
		page.Blocks = append(page.Blocks, *section)
		for _, count := range block.Counts {
			chip, err := homeChip(v, kind, count, filters)
			if err != nil {
				return nil, err
			}
			if chip.Count != "0" {
				page.Counts = append(page.Counts, chip)
			}
		}
	}
	var err error
	if page.Steps, page.Resume, err = firstSteps(v); err != nil {
		return nil, err
	}
	if page.Blocks == nil && page.Steps == nil {
		page.Empty = &markup.Empty{
			Icon:  "circle-check",
			Title: "Nothing needs you now",
			Text:  "No incident is open, and no workflow failed or waits.",
		}
	}
	return v.Show(http.StatusOK, page)
}

func homeChip(v *web.Visit, kind resource.Resource, count module.HomeCount, filters []resource.Filter) (markup.Chip, error) {
	all := slices.Clone(filters)
	if count.More != nil {
		all = append(all, count.More(v.Person.Session)...)
	}
	page, err := kind.List(v.Person.Session, resource.Query{Filters: all, Limit: 1})
	if err != nil {
		return markup.Chip{}, err
	}
	return markup.Chip{
		Label: count.Label,
		Count: kinds.Total(page.Total),
		Tone:  widget.Tones[count.Tone],
		Href:  "/" + kind.Spec().Path + kinds.FilterText(all),
	}, nil
}

// homeBlock is the first rows of a list, nil if there are none.
func homeBlock(v *web.Visit, kind resource.Resource, block module.HomeBlock, filters []resource.Filter) (*markup.Section, error) {
	found, err := kind.List(v.Person.Session, resource.Query{Filters: filters, SortBy: block.SortBy, Limit: homeRows})
	if err != nil || len(found.Rows) == 0 {
		return nil, err
	}
	rows, times := found.Rows, map[string]int{}
	if block.Title == flow.FailedTitle {
		if rows, times, err = sameFailures(v, kind); err != nil {
			return nil, err
		}
	}
	table, err := kinds.RowsOf(v, kind, rows)
	if err != nil {
		return nil, err
	}
	for i := range table.Rows {
		if row := &table.Rows[i]; times[row.ID] > 1 {
			row.Cause = fmt.Sprintf("%d times: %s", times[row.ID], row.Cause)
		}
	}
	table.Caption = block.Title
	path := "/" + kind.Spec().Path + kinds.FilterText(filters)
	return &markup.Section{
		Title:  block.Title,
		Action: &markup.Action{Label: "Show all " + kinds.Total(found.Total), Href: path},
		Table:  table,
	}, nil
}

// sameFailures gives the newest of each group of executions of one workflow that failed alike, and how many they are, by its id.
func sameFailures(v *web.Visit, kind resource.Resource) ([]resource.Record, map[string]int, error) {
	failed, err := flow.RecentFailures(v.Person.Session)
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
	page, err := kind.List(v.Person.Session, resource.Query{
		Filters: []resource.Filter{{Field: "id", Operator: "in", Values: ids}},
		Limit:   homeRows,
	})
	if err != nil {
		return nil, nil, err
	}
	return page.Rows, times, nil
}
