/* Texts for people, and numbers for files. */
#pragma once

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>

#define DINO_GETTEXT_DOMAIN "dinoscope"

/* User-facing texts; core has no other state than libc's message catalogue. */
#define _(text) dgettext (DINO_GETTEXT_DOMAIN, text)
#define N_(text) text

/* Room for any double that dino_format_double() writes. */
#define DINO_NUMBER_LENGTH 32

/* value with as few significant digits as bring it back exactly (at most 17),
 * always with a decimal point whatever the locale ("0.25", "1e-07", "3").
 * Infinities and NaN are "inf", "-inf", "nan". Returns buffer. */
const char *dino_format_double (char buffer[DINO_NUMBER_LENGTH], double value);

/* The finite decimal number that the whole of text is, decimal point whatever
 * the locale; false when it is anything else (empty, blanks, trailing
 * characters, hexadecimal, "inf", "nan", overflow). */
bool dino_parse_double (const char *text, double *value);
