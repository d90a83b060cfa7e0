package field

import (
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

func TestCountriesHaveTheirNames(t *testing.T) {
	t.Parallel()
	all := Countries()
	if len(all) != 249 {
		t.Errorf("there are %d countries", len(all))
	}
	for _, country := range all {
		region, err := language.ParseRegion(country.Value)
		if err != nil || !region.IsCountry() {
			t.Errorf("%s is no country: %v", country.Value, err)
			continue
		}
		if name := display.English.Regions().Name(region); country.Label != name || CountryName(country.Value) != name {
			t.Errorf("%s is called %q and %q, want %q", country.Value, country.Label, CountryName(country.Value), name)
		}
	}
	for _, code := range []string{"", "A", "XX", "de", "DE ", "DEU", "D\n", "\nD", "d "} {
		if name := CountryName(code); name != "" {
			t.Errorf("%q is %s", code, strings.TrimSpace(name))
		}
	}
}
