/* Texts for people, and numbers for files. */
#pragma once

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>

#define DINO_GETTEXT_DOMAIN "dinoscope"

/* User-facing texts; core has no other state than libc's message catalogue. */
#define _(text) dgettext (DINO_GETTEXT_DOMAIN, text)
#define N_(text) text

/* Bytes of the UTF-8 character that text starts with; 0 when the bytes are not
 * one, also at the end of text. */
size_t dino_text_character (const char *text);

/* At most limit, and less where a character of text would be cut in two.
 * text has at least limit bytes. */
size_t dino_text_cut (const char *text, size_t limit);

/* text in place, so that people can read it and nothing else happens: what would
 * confuse a terminal, a label or the text around it (control characters, the marks
 * that turn the direction of what follows, bytes that are not UTF-8) becomes a
 * question mark. Line breaks are kept where they are wanted. */
void dino_text_clean (char *text, bool keep_line_breaks);

/* Room for any double that dino_format_double() writes. */
#define DINO_NUMBER_LENGTH 32

/* value with as few significant digits as bring it back exactly (at most 17),
 * always with a decimal point whatever the locale ("0.25", "1e-07", "3").
 * Infinities and NaN are "inf", "-inf", "nan". Returns buffer. */
const char *dino_format_double (char buffer[DINO_NUMBER_LENGTH], double value);

/* The same with as few digits as bring a float back exactly (at most 9). */
const char *dino_format_float (char buffer[DINO_NUMBER_LENGTH], float value);

/* The finite decimal number that the whole of text is, decimal point whatever
 * the locale; false when it is anything else (empty, blanks, trailing
 * characters, hexadecimal, "inf", "nan", overflow). */
bool dino_parse_double (const char *text, double *value);
