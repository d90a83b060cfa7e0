package acceptance

import (
	"strings"
	"testing"
)

// choices are the values and sources of a category.
func choices(c *client, category string) string {
	c.i.t.Helper()
	var all []struct{ Value, Source string }
	c.must(c.call("GET", "dropdowns/"+category, nil), 200, &all)
	var text []string
	for _, one := range all {
		text = append(text, one.Value+" of "+one.Source)
	}
	return strings.Join(text, ", ")
}

func TestDropdownValuesAreMergedAndChangeAtOnce(t *testing.T) {
	t.Parallel()
	i := start(t)
	operator, umbrella := i.as("owner@acme"), i.as("owner@umbrella")
	const before = "monitoring of instance, customer of instance, staff of instance, supplier of instance"
	if got := choices(operator, "incident_source"); got != before {
		t.Fatalf("a new organization is offered %s", got)
	}
	operator.make("dropdowns", map[string]any{"category": "incident_source", "value": "partner", "label": "Partner", "position": 0})
	hidden := operator.make("dropdowns", map[string]any{"category": "incident_source", "value": "staff", "label": "Staff", "hidden": true})
	if got := choices(operator, "incident_source"); got != "partner of organization, monitoring of instance, customer of instance, supplier of instance" {
		t.Errorf("after its own values the organization is offered %s", got)
	}
	if got := choices(umbrella, "incident_source"); got != before {
		t.Errorf("another organization is offered %s", got)
	}
	for source, status := range map[string]int{"partner": 201, "monitoring": 201, "staff": 422, "rumour": 422} {
		if answer := operator.call("POST", "incidents", map[string]any{"title": "x", "source": source}); answer.status != status {
			t.Errorf("an incident from %s answers %d: %s", source, answer.status, answer.body)
		}
	}
	operator.must(operator.call("DELETE", "dropdowns/"+hidden.ID, nil), 200, nil)
	operator.make("admin/content/dropdowns", map[string]any{"category": "incident_source", "value": "press", "label": "Press", "position": 9})
	if got := choices(operator, "incident_source"); !strings.HasSuffix(got, "staff of instance, supplier of instance, press of instance") {
		t.Errorf("after a value of the instance the organization is offered %s", got)
	}
	if got := choices(umbrella, "incident_source"); got != before+", press of instance" {
		t.Errorf("after a value of the instance another organization is offered %s", got)
	}
	if answer := umbrella.call("POST", "admin/content/dropdowns", map[string]any{"category": "a", "value": "b", "label": "c"}); answer.status != 403 {
		t.Errorf("who is no operator gets %d for a value of the instance", answer.status)
	}
}

func TestATemplateBringsFieldsOfItsOwn(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner := i.as("owner@acme")
	template := owner.make("templates", map[string]any{"name": "Outage", "kind": "incident", "title": "{{service}} is down", "body": "{{service}} since {{since}}", "samples": "service: checkout"})
	fields := "templates/" + template.ID + "/fields"
	owner.make(fields, map[string]any{"label": "Impact", "name": "impact", "type": "choice", "category": "affected_customers", "required": true})
	owner.make(fields, map[string]any{"label": "Loss", "name": "loss", "type": "money"})
	owner.make(fields, map[string]any{"label": "Users", "name": "users", "type": "number"})
	var offered []struct {
		Name, Source string
		Variables    []struct{ Name, Sample string }
		Fields       []struct{ Name, Type string }
	}
	owner.must(owner.call("GET", "organization/templates?kind=incident", nil), 200, &offered)
	if len(offered) != 3 || encode(offered[0]) != `{"Name":"Outage","Source":"organization","Variables":[{"Name":"service","Sample":"checkout"},{"Name":"since","Sample":""}],"Fields":[{"Name":"impact","Type":"choice"},{"Name":"loss","Type":"money"},{"Name":"users","Type":"number"}]}` || offered[1].Source != "instance" {
		t.Errorf("the templates are %s", encode(offered))
	}
	custom := func(values map[string]any) map[string]any {
		return map[string]any{"title": "x", "custom": map[string]any{"template": template.ID, "values": values}}
	}
	for _, try := range []struct {
		values map[string]any
		wrong  string
	}{
		{map[string]any{"impact": "some", "loss": map[string]any{"amount": 1250, "currency": "EUR"}, "users": 3}, ""},
		{map[string]any{"impact": "some", "loss": "12.50 EUR", "users": "3"}, ""},
		{map[string]any{"loss": "12.50 EUR"}, "custom.impact"},
		{map[string]any{"impact": "most"}, "custom.impact"},
		{map[string]any{"impact": "all", "users": "many"}, "custom.users"},
		{map[string]any{"impact": "all", "mood": "bad"}, "custom.mood"},
	} {
		answer := owner.call("POST", "incidents", custom(try.values))
		if try.wrong == "" {
			var row struct {
				Custom struct{ Values map[string]any }
			}
			owner.must(answer, 201, &row)
			if encode(row.Custom.Values) != `{"impact":"some","loss":{"amount":1250,"currency":"EUR"},"users":3}` {
				t.Errorf("%v is stored as %s", try.values, encode(row.Custom.Values))
			}
		} else if answer.status != 422 || !strings.Contains(string(answer.body), try.wrong) {
			t.Errorf("%v answers %d: %s", try.values, answer.status, answer.body)
		}
	}
	for _, c := range []*client{owner, i.as("owner@umbrella")} {
		body := custom(map[string]any{"impact": "all"})
		if c != owner {
			if answer := c.call("POST", "incidents", body); answer.status != 422 || !strings.Contains(string(answer.body), "custom") {
				t.Errorf("a foreign template answers %d: %s", answer.status, answer.body)
			}
			continue
		}
		// A row keeps what it has when its template goes.
		row := c.make("incidents", body)
		c.must(c.call("DELETE", "templates/"+template.ID, nil), 200, nil)
		c.must(c.call("PATCH", "incidents/"+row.ID, map[string]any{"title": "y"}), 200, nil)
		if answer := c.call("POST", "incidents", body); answer.status != 422 {
			t.Errorf("a template in the trash answers %d", answer.status)
		}
	}
}

func TestANewOrganizationIsGivenTheDefaultTags(t *testing.T) {
	t.Parallel()
	i := start(t)
	umbrella := i.as("owner@umbrella")
	var tags []struct{ Name, Colour string }
	umbrella.must(umbrella.call("GET", "tags", nil), 200, &tags)
	if encode(tags) != `[{"Name":"customer-facing","Colour":"blue"},{"Name":"security","Colour":"red"},{"Name":"third-party","Colour":"amber"}]` {
		t.Errorf("the tags are %s", encode(tags))
	}
}
