// Package emoji knows the several names that Slack has for one emoji. It is pure.
package emoji

import "strings"

// Name returns the name that Slack's events use for an emoji, for any of its names:
// without colons and skin tone, and the first of its short names.
// ":thumbsup::skin-tone-4:" is "+1". An unknown name stays as it is.
// https://docs.slack.dev/reference/events/reaction_added
func Name(s string) string {
	name, _, _ := strings.Cut(s, "::")
	name = strings.Trim(name, ":")
	if first, ok := aliases[name]; ok {
		return first
	}
	return name
}

// aliases maps every further short name to the first one. The source is version 16.0.0 of
// the data from which Slack's emoji are made: the field short_names.
// https://github.com/iamcal/emoji-data/blob/master/emoji.json
var aliases = map[string]string{
	"collision":                             "boom",
	"cooking":                               "fried_egg",
	"couple":                                "man_and_woman_holding_hands",
	"envelope":                              "email",
	"face_with_finger_covering_closed_lips": "shushing_face",
	"face_with_one_eyebrow_raised":          "face_with_raised_eyebrow",
	"face_with_open_mouth_vomiting":         "face_vomiting",
	"flag-cn":                               "cn",
	"flag-de":                               "de",
	"flag-es":                               "es",
	"flag-fr":                               "fr",
	"flag-gb":                               "gb",
	"flag-it":                               "it",
	"flag-jp":                               "jp",
	"flag-kr":                               "kr",
	"flag-ru":                               "ru",
	"flag-us":                               "us",
	"flipper":                               "dolphin",
	"grinning_face_with_one_large_and_one_small_eye": "zany_face",
	"grinning_face_with_star_eyes":                   "star-struck",
	"hand_with_index_and_middle_fingers_crossed":     "crossed_fingers",
	"heavy_exclamation_mark":                         "exclamation",
	"honeybee":                                       "bee",
	"knife":                                          "hocho",
	"lady_beetle":                                    "ladybug",
	"lantern":                                        "izakaya_lantern",
	"lightning_cloud":                                "lightning",
	"man-with-bunny-ears-partying":                   "men-with-bunny-ears-partying",
	"men_holding_hands":                              "two_men_holding_hands",
	"mother_christmas":                               "mrs_claus",
	"open_book":                                      "book",
	"paw_prints":                                     "feet",
	"pencil":                                         "memo",
	"poop":                                           "hankey",
	"punch":                                          "facepunch",
	"raised_hand":                                    "hand",
	"red_car":                                        "car",
	"reversed_hand_with_middle_finger_extended": "middle_finger",
	"running":   "runner",
	"sailboat":  "boat",
	"satisfied": "laughing",
	"serious_face_with_symbols_covering_mouth": "face_with_symbols_on_mouth",
	"shit":                             "hankey",
	"shocked_face_with_exploding_head": "exploding_head",
	"shoe":                             "mans_shoe",
	"sign_of_the_horns":                "the_horns",
	"smiling_face_with_smiling_eyes_and_hand_covering_mouth": "face_with_hand_over_mouth",
	"staff_of_aesculapius":           "medical_symbol",
	"sun_behind_cloud":               "barely_sunny",
	"sun_behind_rain_cloud":          "partly_sunny_rain",
	"sun_small_cloud":                "mostly_sunny",
	"telephone":                      "phone",
	"thumbsdown":                     "-1",
	"thumbsup":                       "+1",
	"tornado_cloud":                  "tornado",
	"tshirt":                         "shirt",
	"uk":                             "gb",
	"waxing_gibbous_moon":            "moon",
	"woman-with-bunny-ears-partying": "women-with-bunny-ears-partying",
	"woman_and_man_holding_hands":    "man_and_woman_holding_hands",
	"women_holding_hands":            "two_women_holding_hands",
}
