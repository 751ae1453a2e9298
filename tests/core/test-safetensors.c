/* The safetensors reader: malformed files by the dozen, well-formed ones
 * exactly, and bounded memory. The first cases bear the names that they have
 * in the tests of the reference implementation. */
#include <locale.h>
#include <malloc.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "core/model/safetensors.h"
#include "model-files.h"
#include "support.h"

#define T "\"dtype\":\"F32\",\"shape\":[1],"

/* A header and as many bytes of data as size says. */
struct header_case
{
  const char    *name;
  const char    *header;
  gsize          data_length;
  enum dino_code code;   /* DINO_CODE_NONE: accepted */
  const char    *reason; /* part of the message */
};

static const struct header_case header_cases[] = {
  { "invalid_header_not_json", "{", 0, DINO_CODE_FORMAT, "JSON is not valid" },
  { "invalid_header_non_utf8", "\xff", 0, DINO_CODE_FORMAT, "JSON is not valid" },
  { "invalid_info", "{\"a\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "do not agree with its shape" },
  { "validation_overflow_1", "{\"a\":{\"dtype\":\"I32\",\"shape\":[2,18446744073709551614],\"data_offsets\":[0,16]}}", 16, DINO_CODE_FORMAT, "too big integer" },
  { "validation_overflow_2", "{\"a\":{\"dtype\":\"I32\",\"shape\":[2,9223372036854775807],\"data_offsets\":[0,16]}}", 16, DINO_CODE_FORMAT, "product is too large" },
  { "validation_overflow_3", "{\"a\":{\"dtype\":\"I32\",\"shape\":[4,9223372036854775807],\"data_offsets\":[0,16]}}", 16, DINO_CODE_FORMAT, "product is too large" },
  { "zero_sized_tensor", "{\"a\":{\"dtype\":\"I32\",\"shape\":[2,0],\"data_offsets\":[0,0]}}", 0, DINO_CODE_NONE, NULL },
  { "empty_shapes_allowed", "{\"a\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4, DINO_CODE_NONE, NULL },
  { "empty", "{}      ", 0, DINO_CODE_NONE, NULL },
  { "whitespace_padded_header", "{\"a\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}} \t\r\n   ", 4, DINO_CODE_NONE, NULL },
  { "leading_padded_header", "  \n\t{\"a\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, DINO_CODE_NONE, NULL },
  { "serialization", "{\"attn.0\":{\"dtype\":\"F32\",\"shape\":[1,2,3],\"data_offsets\":[0,24]}}", 24, DINO_CODE_NONE, NULL },
  { "serialization_forced_alignement", "{\"attn0\":{\"dtype\":\"F32\",\"shape\":[1,1,2,3],\"data_offsets\":[0,24]}}       ", 24, DINO_CODE_NONE, NULL },
  { "deserialization", "{\"test\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}", 16, DINO_CODE_NONE, NULL },
  { "serialization_fp4", "{\"a\":{\"dtype\":\"F4\",\"shape\":[1,2],\"data_offsets\":[0,1]}}", 1, DINO_CODE_NONE, NULL },
  { "fp4_misaligned", "{\"a\":{\"dtype\":\"F4\",\"shape\":[1,3],\"data_offsets\":[0,1]}}", 1, DINO_CODE_FORMAT, "does not fill whole bytes" },
  { "data_offset_overflow", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1024,1024],\"data_offsets\":[0,4194304]}}", 1, DINO_CODE_FORMAT, "4194303 bytes are missing" },
  { "extra_bogus_data_for_polyglot_file", "{\"a\":{" T "\"data_offsets\":[0,4]}}", 4 + 35, DINO_CODE_FORMAT, "35 bytes after the last tensor" },
  { "two_bytes_missing", "{\"a\":{" T "\"data_offsets\":[0,4]}}", 2, DINO_CODE_FORMAT, "2 bytes are missing" },

  { "header_empty", "", 0, DINO_CODE_FORMAT, "header is empty" },
  { "header_blank", "        ", 0, DINO_CODE_FORMAT, "header is empty" },
  { "array", "[]", 0, DINO_CODE_FORMAT, "not an object" },
  { "trailing_garbage", "{} x", 0, DINO_CODE_FORMAT, "JSON is not valid" },
  { "comment", "{} // nothing", 0, DINO_CODE_FORMAT, "JSON is not valid" },
  { "hole", "{\"a\":{" T "\"data_offsets\":[0,4]},\"b\":{" T "\"data_offsets\":[8,12]}}", 12, DINO_CODE_FORMAT, "tensor “b” comes after a hole" },
  { "hole_at_start", "{\"a\":{" T "\"data_offsets\":[4,8]}}", 8, DINO_CODE_FORMAT, "comes after a hole" },
  { "overlap", "{\"a\":{" T "\"data_offsets\":[0,4]},\"b\":{" T "\"data_offsets\":[2,6]}}", 6, DINO_CODE_FORMAT, "tensor “b” overlaps" },
  { "shared", "{\"a\":{" T "\"data_offsets\":[0,4]},\"b\":{" T "\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "tensor “b” overlaps" },
  { "offsets_reversed", "{\"a\":{" T "\"data_offsets\":[4,0]}}", 4, DINO_CODE_FORMAT, "ends before it begins" },
  { "offset_float", "{\"a\":{" T "\"data_offsets\":[0,4.0]}}", 4, DINO_CODE_FORMAT, "not two whole numbers" },
  { "offset_negative", "{\"a\":{" T "\"data_offsets\":[-4,0]}}", 4, DINO_CODE_FORMAT, "not two whole numbers" },
  { "offset_string", "{\"a\":{" T "\"data_offsets\":[\"0\",4]}}", 4, DINO_CODE_FORMAT, "not two whole numbers" },
  { "offset_null", "{\"a\":{" T "\"data_offsets\":[null,4]}}", 4, DINO_CODE_FORMAT, "not two whole numbers" },
  { "offset_large", "{\"a\":{" T "\"data_offsets\":[0,9223372036854775808]}}", 4, DINO_CODE_FORMAT, "too big integer" },
  { "offset_largest", "{\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775807],\"data_offsets\":[0,9223372036854775807]}}", 4, DINO_CODE_FORMAT, "product is too large" },
  { "offset_hexadecimal", "{\"a\":{" T "\"data_offsets\":[0x0,4]}}", 4, DINO_CODE_FORMAT, "JSON is not valid" },
  { "offset_octal", "{\"a\":{" T "\"data_offsets\":[00,4]}}", 4, DINO_CODE_FORMAT, "JSON is not valid" },
  { "offsets_one", "{\"a\":{" T "\"data_offsets\":[0]}}", 4, DINO_CODE_FORMAT, "not two whole numbers" },
  { "offsets_three", "{\"a\":{" T "\"data_offsets\":[0,4,4]}}", 4, DINO_CODE_FORMAT, "not two whole numbers" },
  { "offsets_object", "{\"a\":{" T "\"data_offsets\":{}}}", 4, DINO_CODE_FORMAT, "has no data_offsets" },
  { "offsets_missing", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, DINO_CODE_FORMAT, "has no data_offsets" },
  { "shape_missing", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "has no shape" },
  { "shape_number", "{\"a\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "has no shape" },
  { "shape_float", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "not a list of whole numbers" },
  { "shape_negative", "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "not a list of whole numbers" },
  { "shape_rank_16", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4, DINO_CODE_NONE, NULL },
  { "shape_rank_17", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4, DINO_CODE_LIMIT, "17 dimensions" },
  { "zero_before_overflow", "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4611686018427387904,4],\"data_offsets\":[0,0]}}", 0, DINO_CODE_NONE, NULL },
  { "zero_after_overflow", "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4,0],\"data_offsets\":[0,0]}}", 0, DINO_CODE_FORMAT, "product is too large" },
  { "bits_overflow", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1152921504606846976],\"data_offsets\":[0,0]}}", 0, DINO_CODE_FORMAT, "product is too large" },
  { "zero_before_2^63", "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,9223372036854775808,4],\"data_offsets\":[0,0]}}", 0, DINO_CODE_FORMAT, "too big integer" },
  { "zero_after_2^63", "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808,4,0],\"data_offsets\":[0,0]}}", 0, DINO_CODE_FORMAT, "too big integer" },
  { "two_empty_at_one_offset", "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]},\"c\":{" T "\"data_offsets\":[0,4]}}", 4, DINO_CODE_NONE, NULL },
  { "empty_inside_another", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}}", 8, DINO_CODE_FORMAT, "overlaps" },
  { "dtype_unknown", "{\"a\":{\"dtype\":\"F128\",\"shape\":[1],\"data_offsets\":[0,16]}}", 16, DINO_CODE_FORMAT, "unknown dtype" },
  { "dtype_lower_case", "{\"a\":{\"dtype\":\"f32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "unknown dtype" },
  { "dtype_number", "{\"a\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "has no dtype" },
  { "dtype_missing", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "has no dtype" },
  { "tensor_number", "{\"a\":1}", 0, DINO_CODE_FORMAT, "not described by an object" },
  { "tensor_null", "{\"a\":null}", 0, DINO_CODE_FORMAT, "not described by an object" },
  { "unknown_field_ignored", "{\"a\":{" T "\"data_offsets\":[0,4],\"more\":{\"x\":[1,{}]}}}", 4, DINO_CODE_NONE, NULL },
  { "name_twice", "{\"a\":{" T "\"data_offsets\":[0,4]},\"a\":{" T "\"data_offsets\":[4,8]}}", 8, DINO_CODE_FORMAT, "duplicate object key" },
  { "name_twice_escaped", "{\"a\":{" T "\"data_offsets\":[0,4]},\"\\u0061\":{" T "\"data_offsets\":[4,8]}}", 8, DINO_CODE_FORMAT, "duplicate object key" },
  { "dtype_twice", "{\"a\":{\"dtype\":\"U8\"," T "\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "duplicate object key" },
  { "name_empty", "{\"\":{" T "\"data_offsets\":[0,4]}}", 4, DINO_CODE_NONE, NULL },
  { "name_nul", "{\"a\\u0000b\":{" T "\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "JSON is not valid" },
  { "name_lone_surrogate", "{\"\\ud800\":{" T "\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "JSON is not valid" },
  { "name_control_character", "{\"a\tb\":{" T "\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "JSON is not valid" },
  { "name_bad_utf8", "{\"a\xc3\":{" T "\"data_offsets\":[0,4]}}", 4, DINO_CODE_FORMAT, "JSON is not valid" },
  { "name_escape", "{\"\\u001b[31m\":{}}", 0, DINO_CODE_FORMAT, "tensor “?[31m” has no dtype" },
  { "metadata", "{\"__metadata__\":{\"format\":\"pt\"}}", 0, DINO_CODE_NONE, NULL },
  { "metadata_null", "{\"__metadata__\":null}", 0, DINO_CODE_NONE, NULL },
  { "metadata_number", "{\"__metadata__\":{\"format\":1}}", 0, DINO_CODE_FORMAT, "__metadata__ holds something else" },
  { "metadata_array", "{\"__metadata__\":[]}", 0, DINO_CODE_FORMAT, "__metadata__ is not an object" },
};

/* A whole file, byte for byte. */
struct file_case
{
  const char    *name;
  const char    *bytes;
  gsize          length;
  enum dino_code code;
  const char    *reason;
};

#define BYTES(text) text, sizeof text - 1

static const struct file_case file_cases[] = {
  { "header_too_small", BYTES (""), DINO_CODE_FORMAT, "is empty" },
  { "seven_bytes", BYTES ("\x02\0\0\0\0\0\0"), DINO_CODE_FORMAT, "header is truncated" },
  { "header_too_large", BYTES ("\x3c\0\0\0\0\xff\xff\xff"), DINO_CODE_FORMAT, "header is truncated" },
  { "invalid_header_length", BYTES ("\x3c\0\0\0\0\0\0\0"), DINO_CODE_FORMAT, "header is truncated" },
  { "length_overflow", BYTES ("\xff\xff\xff\xff\xff\xff\xff\xff{}"), DINO_CODE_FORMAT, "header is truncated" },
  { "length_zero", BYTES ("\0\0\0\0\0\0\0\0"), DINO_CODE_FORMAT, "header is empty" },
  { "length_one_more", BYTES ("\x03\0\0\0\0\0\0\0{}"), DINO_CODE_FORMAT, "header is truncated" },
  { "abuse_attempt_1", BYTES ("\xe8\x03\0\0\0\0\0\0{\"a\":1}"), DINO_CODE_FORMAT, "header is truncated" },
  { "nul_padding", BYTES ("\x08\0\0\0\0\0\0\0{}\0\0\0\0\0\0"), DINO_CODE_FORMAT, "padded with NUL bytes" },
  { "nul_inside", BYTES ("\x04\0\0\0\0\0\0\0{\0\0}"), DINO_CODE_FORMAT, "JSON is not valid" },
  { "pickle", BYTES ("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19."), DINO_CODE_FORMAT, "a Python pickle" },
  { "pickle_4", BYTES ("\x80\x04\x95\x10\x27\0\0\0\0\0\0}"), DINO_CODE_FORMAT, "a Python pickle" },
  { "zip", BYTES ("PK\x03\x04\0\0\x08\x08\0\0\0\0archive/data.pkl"), DINO_CODE_FORMAT, "a zip archive" },
  { "png", BYTES ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), DINO_CODE_FORMAT, "a PNG picture" },
  { "jpeg", BYTES ("\xff\xd8\xff\xe0\0\x10JFIF\0\1"), DINO_CODE_FORMAT, "a JPEG picture" },
  { "git_lfs", BYTES ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"), DINO_CODE_FORMAT, "a Git LFS pointer" },
  { "json", BYTES ("{\"model_type\": \"dinov2\"}"), DINO_CODE_FORMAT, "a JSON text" },
  { "web_page_2", BYTES ("<html><head>"), DINO_CODE_FORMAT, "a web page" },
  { "web_page", BYTES ("<!DOCTYPE html><html></html>"), DINO_CODE_FORMAT, "a web page" },
  { "text", BYTES ("Sixteen letters."), DINO_CODE_FORMAT, "not a safetensors file" },
};

static void
check_outcome (const char *path, const char *name, enum dino_code code, const char *reason)
{
  struct dino_error        error = { 0 };
  struct dino_safetensors *file = dino_safetensors_open (path, &error);

  if (error.code != code || (file != NULL) != (code == DINO_CODE_NONE))
    g_error ("%s: code %d in place of %d: %s", name, error.code, code, error.message);
  test_malformed_row ("safetensors", name, error.message);
  if (code != DINO_CODE_NONE)
    {
      assert_message (&error, path);
      assert_message (&error, reason);
    }
  dino_safetensors_free (file);
}

static void
test_headers (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "x.safetensors", NULL);
  g_autofree char *data = g_malloc0 (256);

  for (gsize i = 0; i < G_N_ELEMENTS (header_cases); i++)
    {
      const struct header_case *item = &header_cases[i];

      write_safetensors (path, item->header, strlen (item->header), data, item->data_length);
      check_outcome (path, item->name, item->code, item->reason);
    }
  remove_folder (folder);
}

static void
test_files (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "x.safetensors", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (file_cases); i++)
    {
      write_bytes (path, file_cases[i].bytes, file_cases[i].length);
      check_outcome (path, file_cases[i].name, file_cases[i].code, file_cases[i].reason);
    }
  check_outcome (folder, "directory", DINO_CODE_IO, "it is a directory");
  remove_folder (folder);
  check_outcome (path, "missing", DINO_CODE_IO, "cannot be opened");
}

/* Headers that are made: many tensors, deep nesting, exact limits. */
static GString *
repeat (const char *start, const char *part, gsize n, const char *end)
{
  GString *text = g_string_new (start);

  for (gsize i = 0; i < n; i++)
    g_string_append (text, part);
  return g_string_append (text, end);
}

#define EMPTY_TENSOR "\"dtype\":\"U8\",\"shape\":[0,1,1,1],\"data_offsets\":[0,0]"

static GString *
many_tensors (gsize n, const char *description)
{
  GString *text = g_string_new ("{");

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "%s\"%zx\":{%s}", i > 0 ? "," : "", i, description);
  return g_string_append (text, "}");
}

static void
check_header (const char *path, const char *name, GString *header, enum dino_code code, const char *reason)
{
  write_safetensors (path, header->str, header->len, "", 0);
  check_outcome (path, name, code, reason);
  g_string_free (header, TRUE);
}

static GString *
padded_to (gsize length)
{
  GString *text = g_string_new ("{}");

  while (text->len < length)
    g_string_append_c (text, ' ');
  return text;
}

static void
test_limits (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "x.safetensors", NULL);

  check_header (path, "header_at_limit", padded_to (DINO_SAFETENSORS_MAX_HEADER), DINO_CODE_NONE, NULL);
  check_header (path, "header_over_limit", padded_to (DINO_SAFETENSORS_MAX_HEADER + 1), DINO_CODE_LIMIT, "at most 8388608");
  check_header (path, "tensors_at_limit", many_tensors (65536, EMPTY_TENSOR), DINO_CODE_NONE, NULL);
  check_header (path, "tensors_over_limit", many_tensors (65537, EMPTY_TENSOR), DINO_CODE_LIMIT, "65537 tensors");
  check_header (path, "json_attack", many_tensors (10, "\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]"), DINO_CODE_FORMAT, "overlaps");
  check_header (path, "abuse_attempt_2", many_tensors (200000, "\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]"), DINO_CODE_LIMIT, "at most 8388608");
  check_header (path, "abuse_attempt_3", many_tensors (100000, EMPTY_TENSOR), DINO_CODE_LIMIT, "too");
  check_header (path, "quote_in_name", repeat ("{\"a\\\"b\":[", "{},", 300000, "1]}"), DINO_CODE_LIMIT, "too many values");
  check_header (path, "backslash_in_name", repeat ("{\"a\\\\\":[", "{},", 300000, "1]}"), DINO_CODE_LIMIT, "too many values");
  check_header (path, "brackets_in_name", repeat ("{\"", "[{,", 700000, "\":1}"), DINO_CODE_FORMAT, "is not described");
  check_header (path, "nesting", repeat ("", "[", 200000, ""), DINO_CODE_FORMAT, "maximum parsing depth");
  check_header (path, "nesting_of_objects", repeat ("", "{\"a\":", 50000, "1"), DINO_CODE_FORMAT, "maximum parsing depth");
  check_header (path, "long_name", repeat ("{\"", "x", 1000000, "\":1}"), DINO_CODE_FORMAT, "xxx…” is not described");
  remove_folder (folder);
}

/* The header is said to have a GiB, and the file is long enough. */
static void
test_sparse (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "x.safetensors", NULL);

  write_bytes (path, "\0\0\0\x40\0\0\0\0{", 9);
  g_assert_cmpint (truncate (path, (off_t) 1 << 40), ==, 0);
  check_outcome (path, "header_of_a_gib", DINO_CODE_LIMIT, "1073741824 bytes");
  write_bytes (path, "\x02\0\0\0\0\0\0\0{}", 10);
  g_assert_cmpint (truncate (path, (off_t) 1 << 40), ==, 0);
  check_outcome (path, "data_of_a_tib", DINO_CODE_FORMAT, "after the last tensor");
  remove_folder (folder);
}

/* Bytes that Jansson holds, and the most it held. */
static struct
{
  gsize now, peak;
} json_memory;

static void *
counting_malloc (gsize size)
{
  void *memory = malloc (size);

  json_memory.now += malloc_usable_size (memory) + sizeof (gsize);
  json_memory.peak = MAX (json_memory.peak, json_memory.now);
  return memory;
}

static void
counting_free (void *memory)
{
  if (memory != NULL)
    json_memory.now -= malloc_usable_size (memory) + sizeof (gsize);
  free (memory);
}

static void
check_memory (const char *path, const char *name, GString *header)
{
  struct dino_safetensors *file;

  g_string_truncate (header, MIN (header->len, DINO_SAFETENSORS_MAX_HEADER));
  write_safetensors (path, header->str, header->len, "", 0);
  json_memory.peak = json_memory.now = 0;
  file = dino_safetensors_open (path, NULL);
  dino_safetensors_free (file);
  g_test_message ("%s: %zu bytes of header, %zu MiB at most for its JSON", name, header->len, json_memory.peak >> 20);
  g_assert_cmpuint (json_memory.now, ==, 0);
  g_assert_cmpuint (json_memory.peak, <, (gsize) 150 << 20);
  g_string_free (header, TRUE);
}

/* As much JSON as a header may have, in the forms that cost the parser most. */
static void
test_memory (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "x.safetensors", NULL);
  const gsize      most = DINO_SAFETENSORS_MAX_HEADER;
  GString         *keys = g_string_new ("{");

  for (gsize i = 0; i < 1000000; i++)
    g_string_append_printf (keys, "\"%zx\":\"\",", i);
  json_set_alloc_funcs (counting_malloc, counting_free);
  check_memory (path, "tensors", many_tensors (65536, EMPTY_TENSOR));
  check_memory (path, "numbers", repeat ("{\"a\":[", "1,", most / 2, ""));
  check_memory (path, "numbers, allowed", repeat ("{\"a\":[", "1,", 1048000, "1]}"));
  check_memory (path, "texts", repeat ("{\"a\":[", "\"\",", most / 3, ""));
  check_memory (path, "texts, allowed", repeat ("{\"a\":[", "\"1234\",", 1048000, "1]}"));
  check_memory (path, "arrays", repeat ("{\"a\":[", "[],", most / 3, ""));
  check_memory (path, "arrays, allowed", repeat ("{\"a\":[", "[1],", 349000, "1]}"));
  check_memory (path, "objects", repeat ("{\"a\":[", "{},", most / 3, ""));
  check_memory (path, "objects, allowed", repeat ("{\"a\":[", "{},", 209000, "1]}"));
  check_memory (path, "keys", keys);
  check_memory (path, "one text", repeat ("{\"", "x", most - 10, "\":1}"));
  json_set_alloc_funcs (malloc, free);
  remove_folder (folder);
}

/* Every 16-bit number against the definitions of the formats. */
static double
f16_by_definition (guint16 bits)
{
  int    exponent = bits >> 10 & 31, fraction = bits & 1023;
  double magnitude = exponent == 0 ? ldexp (fraction, -24) : ldexp (1024 + fraction, exponent - 25);

  if (exponent == 31)
    magnitude = fraction != 0 ? (double) NAN : (double) INFINITY;
  return bits & 0x8000 ? -magnitude : magnitude;
}

static double
bf16_by_definition (guint16 bits)
{
  int    exponent = bits >> 7 & 255, fraction = bits & 127;
  double magnitude = exponent == 0 ? ldexp (fraction, -133) : ldexp (128 + fraction, exponent - 134);

  if (exponent == 255)
    magnitude = fraction != 0 ? (double) NAN : (double) INFINITY;
  return bits & 0x8000 ? -magnitude : magnitude;
}

static void
check_16_bit (const char *dtype, double (*by_definition) (guint16))
{
  g_autofree char         *folder = scratch_folder ();
  g_autofree char         *path = g_build_filename (folder, "x.safetensors", NULL);
  g_autofree guint16      *stored = g_new (guint16, 65536);
  g_autofree float        *values = g_new (float, 65536);
  g_autofree char         *header = g_strdup_printf ("{\"a\":{\"dtype\":\"%s\",\"shape\":[65536],\"data_offsets\":[0,131072]}}", dtype);
  struct dino_safetensors *file;

  for (guint i = 0; i < 65536; i++)
    stored[i] = GUINT16_TO_LE ((guint16) i);
  write_safetensors (path, header, strlen (header), stored, 131072);
  file = dino_safetensors_open (path, NULL);
  g_assert_nonnull (file);
  g_assert_true (dino_safetensors_read (file, dino_safetensors_find (file, "a"), 0, 65536, values, NULL));
  for (guint i = 0; i < 65536; i++)
    {
      double expected = by_definition ((guint16) i);

      if (isnan (expected))
        g_assert_true (isnan (values[i]));
      else
        g_assert_cmpfloat ((double) values[i], ==, expected);
      g_assert_cmpint (signbit (values[i]) != 0, ==, (i & 0x8000) != 0);
    }
  dino_safetensors_free (file);
  remove_folder (folder);
}

static void
test_f16 (void)
{
  check_16_bit ("F16", f16_by_definition);
}

static void
test_bf16 (void)
{
  check_16_bit ("BF16", bf16_by_definition);
}

/* Data at odd offsets, tensors not in the order of their names, parts of a tensor. */
static void
test_read (void)
{
  static const char         header[] = "{\"z\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
                                       "\"y\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[3,19]},"
                                       "\"__metadata__\":{\"format\":\"pt\",\"name\":\"é\"},"
                                       "\"a\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[19,25]}}";
  static const guint8       data[25] = { 1, 2, 3, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0x40, 0x40, 1, 0, 0, 0, 0, 0x3c, 0, 0xc0, 1, 0 };
  g_autofree char          *folder = scratch_folder ();
  g_autofree char          *path = g_build_filename (folder, "x.safetensors", NULL);
  struct dino_error         error = { 0 };
  struct dino_safetensors  *file;
  const struct dino_tensor *tensor;
  float                     values[4];

  write_safetensors (path, header, sizeof header - 1, data, sizeof data);
  file = dino_safetensors_open (path, NULL);
  g_assert_nonnull (file);
  g_assert_cmpstr (dino_safetensors_path (file), ==, path);
  g_assert_cmpuint (dino_safetensors_n_tensors (file), ==, 3);
  g_assert_cmpstr (dino_safetensors_tensor (file, 0)->name, ==, "z");
  g_assert_cmpstr (dino_safetensors_tensor (file, 2)->name, ==, "a");
  g_assert_cmpstr (dino_safetensors_metadata (file, "name"), ==, "é");
  g_assert_null (dino_safetensors_metadata (file, "a"));
  g_assert_null (dino_safetensors_find (file, "b"));
  g_assert_null (dino_safetensors_find (file, "__metadata__"));

  tensor = dino_safetensors_find (file, "y");
  g_assert_cmpint (tensor->dtype, ==, DINO_DTYPE_F32);
  g_assert_cmpint (tensor->rank, ==, 2);
  g_assert_cmpuint (tensor->n_elements, ==, 4);
  g_assert_true (dino_safetensors_read (file, tensor, 0, 4, values, NULL));
  g_assert_cmpfloat (values[0], ==, 1);
  g_assert_cmpfloat (values[1], ==, -2);
  g_assert_cmpfloat (values[2], ==, 3);
  g_assert_cmpfloat (values[3], ==, 0x1p-149f);
  g_assert_true (dino_safetensors_read (file, tensor, 2, 1, values, NULL));
  g_assert_cmpfloat (values[0], ==, 3);
  g_assert_false (dino_safetensors_read (file, tensor, 2, 3, values, &error));
  g_assert_false (dino_safetensors_read (file, tensor, 5, 0, values, NULL));
  g_assert_cmpint (error.code, ==, DINO_CODE_ARGUMENT);

  tensor = dino_safetensors_find (file, "a");
  g_assert_true (dino_safetensors_read (file, tensor, 1, 2, values, NULL));
  g_assert_cmpfloat (values[0], ==, -2);
  g_assert_cmpfloat (values[1], ==, 0x1p-24f);

  error = (struct dino_error){ 0 };
  tensor = dino_safetensors_find (file, "z");
  g_assert_cmpint (tensor->dtype, ==, DINO_DTYPE_OTHER);
  g_assert_cmpstr (tensor->dtype_name, ==, "U8");
  g_assert_false (dino_safetensors_read (file, tensor, 0, 1, values, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_UNSUPPORTED);
  dino_safetensors_free (file);
  remove_folder (folder);
}

/* A file that shrinks while it is open gives an error and no signal. */
static void
test_shrinking (void)
{
  static const char        header[] = "{\"a\":{" T "\"data_offsets\":[0,4]}}";
  g_autofree char         *folder = scratch_folder ();
  g_autofree char         *path = g_build_filename (folder, "x.safetensors", NULL);
  struct dino_error        error = { 0 };
  struct dino_safetensors *file;
  float                    value;

  write_safetensors (path, header, sizeof header - 1, "\0\0\0\0", 4);
  file = dino_safetensors_open (path, NULL);
  g_assert_nonnull (file);
  g_assert_cmpint (truncate (path, 20), ==, 0);
  g_assert_false (dino_safetensors_read (file, dino_safetensors_find (file, "a"), 0, 1, &value, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_FORMAT);
  assert_message (&error, "ends too early");
  dino_safetensors_free (file);
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/headers", test_headers);
  g_test_add_func ("/safetensors/files", test_files);
  g_test_add_func ("/safetensors/limits", test_limits);
  g_test_add_func ("/safetensors/sparse", test_sparse);
  g_test_add_func ("/safetensors/memory", test_memory);
  g_test_add_func ("/safetensors/f16", test_f16);
  g_test_add_func ("/safetensors/bf16", test_bf16);
  g_test_add_func ("/safetensors/read", test_read);
  g_test_add_func ("/safetensors/shrinking", test_shrinking);
  return g_test_run ();
}
