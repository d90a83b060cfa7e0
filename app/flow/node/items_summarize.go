package node

import (
	"cmp"
	"crypto/sha256"
	"math"
	"math/big"
	"strings"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/value"
)

// Summary is one number, text or list that is made of the values of a field.
type Summary struct {
	Do        Summing     `z:"default=count,literal,short"`
	Field     field.Exact `z:"required,max=500,short"`
	As        field.Exact `z:"max=500,short,help=The name of the result, such as sum_amount when empty."`
	Separator field.Exact `z:"max=100,short,help=Between joined texts; a comma when empty."`
}

// Summing is what is made of values.
type Summing string

// summings are the ways, and how their results are called.
var summings = []struct{ name, label, prefix string }{
	{"count", "Count", "count"}, {"count_unique", "Count different values", "unique_count"}, {"sum", "Sum", "sum"},
	{"average", "Average", "average"}, {"min", "Smallest", "min"}, {"max", "Largest", "max"}, {"append", "List", "appended"}, {
		"concatenate", "Join as text", "concatenated"},
}

// Choices are the ways.
func (Summing) Choices() []field.Choice {
	list := make([]field.Choice, len(summings))
	for i, s := range summings {
		list[i] = field.Choice{Value: s.name, Label: s.label}
	}
	return list
}

func (s Summary) name() string {
	for _, known := range summings {
		if known.name == string(s.Do) && s.As == "" {
			return known.prefix + "_" + strings.NewReplacer(".", "_", "[", "_", "]", "", `"`, "", "'", "").Replace(string(s.Field))
		}
	}
	return string(s.As)
}

// group are the items that have the same values in the fields of the groups.
type group struct {
	named []value.Member
	items []value.Value
	from  []int
	// path are the names of its values, of which the one item for all groups has fields.
	path value.Path
}

// summarize makes an item for each group of items, or one of all.
func (p *Items) summarize(c *Call, out *Output) error {
	groups, err := p.groups(c.Items)
	if err != nil {
		return err
	}
	built := c.Memory.Part(mostResolved, errResolvedTooLarge)
	defer built.Reset()
	whole := value.Object()
	for _, g := range groups {
		built.Reset()
		var members []value.Member
		for i, s := range p.Values {
			v, err := p.summary(c, s, g.items)
			if err != nil {
				return inRow("values", i, err)
			}
			if err := built.Take(v.Size()); err != nil {
				return err
			}
			if hasKey(members, s.name()) {
				return inRow("values", i, fault.New(fault.Invalid, "there are two results with the name %q", s.name()))
			}
			members = append(members, value.Member{Key: s.name(), Value: v})
		}
		if p.Nested && len(p.GroupBy) > 0 {
			if whole, err = whole.Set(g.path, value.Object(members...)); err != nil {
				return fault.InvalidField("group_by", "%s", err)
			}
			if err := c.Memory.Take(whole.Size() / max(len(groups), 1)); err != nil {
				return err
			}
			continue
		}
		if err := c.putOne(out, value.Object(append(members, g.named...)...), g.from); err != nil {
			return err
		}
	}
	if p.Nested && len(p.GroupBy) > 0 && len(groups) > 0 {
		return c.putOne(out, whole, c.all())
	}
	return nil
}

// groupName is the field of a group; undefined where the value is missing.
func groupName(v value.Value) string {
	if v.Kind() == value.UndefinedKind {
		return "undefined"
	}
	return v.Text()
}

// groups are in the order of their first items.
func (p *Items) groups(all []value.Item) ([]*group, error) {
	paths, err := pathsIn("group_by", p.GroupBy)
	if err != nil {
		return nil, err
	}
	var groups []*group
	known := map[[sha256.Size]byte]*group{}
	for i, item := range all {
		var named []value.Member
		var place value.Path
		var key []byte
		for n, path := range paths {
			v := item.JSON.Find(path)
			key = append(canonical(key, v), 0)
			place = append(place, value.Key(groupName(v)))
			if !v.IsMissing() {
				named = append(named, value.Member{Key: p.GroupBy[n], Value: v})
			}
		}
		if p.SkipUngrouped && len(named) < len(paths) {
			continue
		}
		sum := sha256.Sum256(key)
		if known[sum] == nil {
			known[sum] = &group{named: named, path: place}
			groups = append(groups, known[sum])
		}
		known[sum].items, known[sum].from = append(known[sum].items, item.JSON), append(known[sum].from, i)
	}
	return groups, nil
}

// summary makes one result of items.
func (p *Items) summary(c *Call, s Summary, items []value.Value) (value.Value, error) {
	path, err := pathIn("field", string(s.Field))
	if err != nil {
		return value.Null(), err
	}
	var values []value.Value
	for _, item := range items {
		v := item.Find(path)
		if empty, _ := isEmpty(comparison{}, v, value.Null()); empty && v.IsMissing() && p.KeepEmpty && !c.AsInN8n {
			values = append(values, value.Null())
		} else if !empty || p.KeepEmpty {
			values = append(values, v)
		}
	}
	switch s.Do {
	case "count":
		return value.Int(int64(len(values))), nil
	case "count_unique":
		different := map[[sha256.Size]byte]bool{}
		for _, v := range values {
			different[sha256.Sum256(canonical(nil, v))] = true
		}
		return value.Int(int64(len(different))), nil
	case "append":
		return value.List(values...), nil
	case "concatenate":
		texts := make([]string, len(values))
		for i, v := range values {
			if texts[i] = (comparison{}).text(v); c.AsInN8n && v.IsMissing() {
				texts[i] = v.Text() // there it is the word
			}
		}
		return value.String(strings.Join(texts, cmp.Or(string(s.Separator), ","))), nil
	case "min", "max":
		return extreme(values, s.Do == "max"), nil
	}
	return total(values, s.Do == "average")
}

// extreme is the smallest or the largest value: of numbers by their value, else of texts.
func extreme(values []value.Value, largest bool) value.Value {
	best := value.Null()
	numeric := areNumbers(values)
	for _, v := range values {
		if v.IsMissing() {
			continue
		}
		order := 0
		if numeric {
			order, _ = value.Compare(v, best)
		} else {
			order = strings.Compare((comparison{}).text(v), (comparison{}).text(best))
		}
		if best.IsMissing() || largest && order > 0 || !largest && order < 0 {
			best = v
		}
	}
	return best
}

// total adds numbers, whole ones with all of their digits. What is no number would make a sum that is silently wrong.
func total(values []value.Value, average bool) (value.Value, error) {
	whole, isWhole, sum, count := new(big.Int), true, 0.0, 0
	for _, v := range values {
		if empty, _ := isEmpty(comparison{}, v, value.Null()); empty {
			continue
		}
		if !isNumber(v) {
			return value.Null(), fault.New(fault.Invalid, "%.60s is not a number", v.JSON())
		}
		if n, fits := wholeOf(v); fits {
			whole.Add(whole, n)
		} else {
			isWhole = false
		}
		sum += v.Number()
		count++
	}
	switch {
	case average && count == 0:
		return value.Null(), nil
	case math.IsInf(sum, 0) || math.IsNaN(sum):
		return value.Null(), fault.New(fault.Invalid, "the sum is too large")
	case average:
		return value.Float(sum / float64(count)), nil
	case isWhole:
		return value.Parse(whole.Append(nil, 10), value.Limits{})
	}
	return value.Float(sum), nil
}

// longestWhole is how many digits a number has that is added with all of them.
const longestWhole = 100

// wholeOf reads a number that is written in digits alone.
func wholeOf(v value.Value) (*big.Int, bool) {
	text := strings.TrimSpace(v.Raw())
	if len(text) > longestWhole || strings.Trim(strings.TrimPrefix(text, "-"), "0123456789") != "" {
		return nil, false
	}
	return new(big.Int).SetString(text, 10)
}
