package field

import (
	"slices"
	"strings"
)

// countries are the codes of ISO 3166 with two letters and their English names, a line each. The names are those of Unicode's CLDR.
// The package that knows them in all languages loads its tables before main.
const countries = "" +
	"AD Andorra\nAE United Arab Emirates\nAF Afghanistan\nAG Antigua & Barbuda\nAI Anguilla\nAL Albania\nAM Armenia\n" +
	"AO Angola\nAQ Antarctica\nAR Argentina\nAS American Samoa\nAT Austria\nAU Australia\nAW Aruba\nAX Åland Islands\n" +
	"AZ Azerbaijan\nBA Bosnia & Herzegovina\nBB Barbados\nBD Bangladesh\nBE Belgium\nBF Burkina Faso\nBG Bulgaria\n" +
	"BH Bahrain\nBI Burundi\nBJ Benin\nBL St. Barthélemy\nBM Bermuda\nBN Brunei\nBO Bolivia\nBQ Caribbean Netherlands\n" +
	"BR Brazil\nBS Bahamas\nBT Bhutan\nBV Bouvet Island\nBW Botswana\nBY Belarus\nBZ Belize\nCA Canada\n" +
	"CC Cocos (Keeling) Islands\nCD Congo - Kinshasa\nCF Central African Republic\nCG Congo - Brazzaville\nCH Switzerland\n" +
	"CI Côte d’Ivoire\nCK Cook Islands\nCL Chile\nCM Cameroon\nCN China\nCO Colombia\nCR Costa Rica\nCU Cuba\n" +
	"CV Cape Verde\nCW Curaçao\nCX Christmas Island\nCY Cyprus\nCZ Czechia\nDE Germany\nDJ Djibouti\nDK Denmark\n" +
	"DM Dominica\nDO Dominican Republic\nDZ Algeria\nEC Ecuador\nEE Estonia\nEG Egypt\nEH Western Sahara\nER Eritrea\n" +
	"ES Spain\nET Ethiopia\nFI Finland\nFJ Fiji\nFK Falkland Islands\nFM Micronesia\nFO Faroe Islands\nFR France\nGA Gabon\n" +
	"GB United Kingdom\nGD Grenada\nGE Georgia\nGF French Guiana\nGG Guernsey\nGH Ghana\nGI Gibraltar\nGL Greenland\n" +
	"GM Gambia\nGN Guinea\nGP Guadeloupe\nGQ Equatorial Guinea\nGR Greece\nGS South Georgia & South Sandwich Islands\n" +
	"GT Guatemala\nGU Guam\nGW Guinea-Bissau\nGY Guyana\nHK Hong Kong SAR China\nHM Heard & McDonald Islands\nHN Honduras\n" +
	"HR Croatia\nHT Haiti\nHU Hungary\nID Indonesia\nIE Ireland\nIL Israel\nIM Isle of Man\nIN India\n" +
	"IO British Indian Ocean Territory\nIQ Iraq\nIR Iran\nIS Iceland\nIT Italy\nJE Jersey\nJM Jamaica\nJO Jordan\nJP Japan\n" +
	"KE Kenya\nKG Kyrgyzstan\nKH Cambodia\nKI Kiribati\nKM Comoros\nKN St. Kitts & Nevis\nKP North Korea\nKR South Korea\n" +
	"KW Kuwait\nKY Cayman Islands\nKZ Kazakhstan\nLA Laos\nLB Lebanon\nLC St. Lucia\nLI Liechtenstein\nLK Sri Lanka\n" +
	"LR Liberia\nLS Lesotho\nLT Lithuania\nLU Luxembourg\nLV Latvia\nLY Libya\nMA Morocco\nMC Monaco\nMD Moldova\n" +
	"ME Montenegro\nMF St. Martin\nMG Madagascar\nMH Marshall Islands\nMK Macedonia\nML Mali\nMM Myanmar (Burma)\n" +
	"MN Mongolia\nMO Macau SAR China\nMP Northern Mariana Islands\nMQ Martinique\nMR Mauritania\nMS Montserrat\nMT Malta\n" +
	"MU Mauritius\nMV Maldives\nMW Malawi\nMX Mexico\nMY Malaysia\nMZ Mozambique\nNA Namibia\nNC New Caledonia\nNE Niger\n" +
	"NF Norfolk Island\nNG Nigeria\nNI Nicaragua\nNL Netherlands\nNO Norway\nNP Nepal\nNR Nauru\nNU Niue\nNZ New Zealand\n" +
	"OM Oman\nPA Panama\nPE Peru\nPF French Polynesia\nPG Papua New Guinea\nPH Philippines\nPK Pakistan\nPL Poland\n" +
	"PM St. Pierre & Miquelon\nPN Pitcairn Islands\nPR Puerto Rico\nPS Palestinian Territories\nPT Portugal\nPW Palau\n" +
	"PY Paraguay\nQA Qatar\nRE Réunion\nRO Romania\nRS Serbia\nRU Russia\nRW Rwanda\nSA Saudi Arabia\nSB Solomon Islands\n" +
	"SC Seychelles\nSD Sudan\nSE Sweden\nSG Singapore\nSH St. Helena\nSI Slovenia\nSJ Svalbard & Jan Mayen\nSK Slovakia\n" +
	"SL Sierra Leone\nSM San Marino\nSN Senegal\nSO Somalia\nSR Suriname\nSS South Sudan\nST São Tomé & Príncipe\n" +
	"SV El Salvador\nSX Sint Maarten\nSY Syria\nSZ Swaziland\nTC Turks & Caicos Islands\nTD Chad\n" +
	"TF French Southern Territories\nTG Togo\nTH Thailand\nTJ Tajikistan\nTK Tokelau\nTL Timor-Leste\nTM Turkmenistan\n" +
	"TN Tunisia\nTO Tonga\nTR Turkey\nTT Trinidad & Tobago\nTV Tuvalu\nTW Taiwan\nTZ Tanzania\nUA Ukraine\nUG Uganda\n" +
	"UM U.S. Outlying Islands\nUS United States\nUY Uruguay\nUZ Uzbekistan\nVA Vatican City\nVC St. Vincent & Grenadines\n" +
	"VE Venezuela\nVG British Virgin Islands\nVI U.S. Virgin Islands\nVN Vietnam\nVU Vanuatu\nWF Wallis & Futuna\nWS Samoa\n" +
	"YE Yemen\nYT Mayotte\nZA South Africa\nZM Zambia\nZW Zimbabwe\n"

// CountryName is the English name of a country by its code, empty for a code that is none.
func CountryName(code string) string {
	if len(code) != 2 {
		return ""
	}
	for line := range strings.Lines(countries) {
		if name, ok := strings.CutPrefix(line, code+" "); ok {
			return strings.TrimSuffix(name, "\n")
		}
	}
	return ""
}

// Countries are all countries as choices, by their names.
func Countries() []Choice {
	var all []Choice
	for line := range strings.Lines(countries) {
		code, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		all = append(all, Choice{Value: code, Label: name})
	}
	slices.SortFunc(all, func(a, b Choice) int { return strings.Compare(a.Label, b.Label) })
	return all
}
