/* JSON that somebody else wrote, by Jansson: bounded before it is parsed,
 * every value checked, every complaint with the file and the key. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* Parses length bytes of text from the file path; the outermost value must be
 * an object. Duplicate keys are refused. max_weight bounds Jansson's memory
 * before it takes any: each comma weighs 1, each array 2, each object 4, and a
 * unit costs at most 200 bytes. json_decref() the result. */
json_t *dino_json_parse (const char *path, const char *text, size_t length, size_t max_weight, struct dino_error *error);

/* The same of a value of any kind. */
json_t *dino_json_parse_any (const char *path, const char *text, size_t length, size_t max_weight, struct dino_error *error);

/* dino_json_parse() of a whole file of at most max_bytes. */
json_t *dino_json_read (const char *path, size_t max_bytes, size_t max_weight, struct dino_error *error);

/* A value of object, a part of the file path. Where key is absent or null,
 * *value stays as it is. False with error set for another type, or a number
 * outside [minimum, maximum]. */
bool dino_json_get_int (const json_t *object, const char *path, const char *key, int minimum, int maximum, int *value, struct dino_error *error);
bool dino_json_get_double (const json_t *object, const char *path, const char *key, double minimum, double maximum, double *value, struct dino_error *error);
bool dino_json_get_bool (const json_t *object, const char *path, const char *key, bool *value, struct dino_error *error);

/* *value belongs to object. */
bool dino_json_get_string (const json_t *object, const char *path, const char *key, const char **value, struct dino_error *error);

/* The value of key, NULL when it is absent or null. */
const json_t *dino_json_get (const json_t *object, const char *key);
