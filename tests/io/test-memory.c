/* Reading and writing files while memory runs out, at every allocation in turn:
 * an error that names the file, no crash, no leak, nothing half-written. */
#include "core/base/memory.h"
#include "core/encoder/calibration.h"
#include "core/maps/pca.h"
#include "core/model/config.h"
#include "core/model/json.h"
#include "core/model/safetensors.h"
#include "io/csv.h"
#include "io/decoder-file.h"
#include "io/embeddings.h"
#include "io/head-file.h"
#include "io/index-write.h"
#include "io/index.h"
#include "io/jpeg.h"
#include "io/mask-file.h"
#include "io/matrix-file.h"
#include "io/npy.h"
#include "io/outlines-file.h"
#include "io/packed-file.h"
#include "io/png.h"
#include "io/preparation-json.h"
#include "io/read.h"
#include "io/safetensors-write.h"
#include "io/table-match.h"
#include "io/training-list.h"

#include "dicom-film.h"
#include "exhaust.h"
#include "io-support.h"
#include "png-builder.h"

/* Runs step on path. */
struct call
{
  bool (*step) (const char *path, struct dino_error *error);
  const char *path;
};

static bool
call (void *data, struct dino_error *error)
{
  const struct call *call = data;

  return call->step (call->path, error);
}

static void
exhaust_file (const char *name, bool (*step) (const char *path, struct dino_error *error), const char *path)
{
  struct call of = { step, path };

  exhaust (name, call, &of, path);
}

static bool
read_picture (const char *path, struct dino_error *error)
{
  struct dino_picture *picture = dino_picture_read (path, NULL, error);

  dino_picture_unref (picture);
  return picture != NULL;
}

struct decoding
{
  const GByteArray *bytes;
  const char       *name;
};

/* What the readers' process does, without one. */
static bool
decode_picture (void *data, struct dino_error *error)
{
  const struct decoding *of = data;
  struct dino_picture   *picture = g_str_has_suffix (of->name, ".png") ? dino_png_decode (of->bytes->data, of->bytes->len, of->name, error)
                                                                       : dino_jpeg_decode (of->bytes->data, of->bytes->len, of->name, error);

  dino_error_about (error, of->name);
  dino_picture_unref (picture);
  return picture != NULL;
}

static bool
decode_mask (void *data, struct dino_error *error)
{
  const struct decoding *of = data;
  struct dino_picture   *picture = dino_png_decode_mask (of->bytes->data, of->bytes->len, of->name, error);

  dino_error_about (error, of->name);
  dino_picture_unref (picture);
  return picture != NULL;
}

/* One of each way of decoding. */
static const char *const pictures[] = {
  "golden/modes/grey16.png",
  "golden/modes/palette8-trns.png",
  "golden/modes/rgba8.png",
  "golden/modes/cmyk.jpg",
  "golden/modes/grey-progressive.jpg",
};

static void
test_decoders (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      g_autoptr (GByteArray) bytes = bytes_of_test_data (pictures[i]);
      struct decoding        of = { bytes, pictures[i] };

      exhaust (pictures[i], decode_picture, &of, pictures[i]);
      if (i == 1)
        exhaust ("a mask", decode_mask, &of, pictures[i]);
    }
}

static void
test_pictures (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      g_autofree char *path = test_data (pictures[i]);

      exhaust_file (pictures[i], read_picture, path);
    }
}

static guint
sample (guint x, guint y, guint c)
{
  return x + y;
}

/* Chunks that libpng keeps are allocated by us, too. */
static void
test_chunks (void)
{
  static const char      exif[] = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
  struct png_description description = { .width = 9, .height = 9, .depth = 4, .color_type = 0, .interlaced = TRUE, .sample = sample };
  g_autofree char       *folder = make_folder ();
  g_autofree char       *path = g_build_filename (folder, "chunks.png", NULL);
  g_autoptr (GByteArray) extra = g_byte_array_new ();
  g_autoptr (GByteArray) png = NULL;

  png_add_chunk (extra, "gAMA", "\0\0\xb1\x8f", 4);
  png_add_chunk (extra, "eXIf", exif, sizeof exif - 1);
  description.extra = (const char *) extra->data;
  description.extra_length = extra->len;
  png = png_build (&description);
  put_file (path, png->data, png->len);
  exhaust_file ("PNG with chunks", read_picture, path);
  remove_folder (folder);
}

/* What the helper tells is allocated by us: tables, windows, attributes. */
static void
test_dicom (void)
{
  static const guint16   entries[] = { 1, 2, 3 };
  g_autoptr (Dicom)      film = film_new (DICOM_EXPLICIT, NULL);
  Dicom                 *table = dicom_new (DICOM_EXPLICIT, NULL);
  g_autofree char       *folder = make_folder ();
  g_autofree char       *path = g_build_filename (folder, "film.dcm", NULL);
  g_autoptr (GByteArray) bytes = NULL;

  dicom_put_words (table, DICOM_TAG (0x0028, 0x3002), "US", (const guint16[]){ 3, 0, 2 }, 3);
  dicom_put_words (table, DICOM_TAG (0x0028, 0x3006), "US", entries, 3);
  dicom_put_item (film, DICOM_TAG (0x0028, 0x3010), table);
  dicom_put_text (film, DICOM_TAG (0x0028, 0x1050), "DS", "100");
  dicom_put_text (film, DICOM_TAG (0x0028, 0x1051), "DS", "200");
  bytes = dicom_finish (film, DICOM_PREAMBLE);
  put_file (path, bytes->data, bytes->len);
  exhaust_file ("DICOM, this end", read_picture, path);
  remove_folder (folder);
}

/* Ends output as its users do. */
static bool
finish (struct dino_output *output, bool written, struct dino_error *error)
{
  if (written)
    return dino_output_commit (output, error);
  dino_output_abort (output);
  return false;
}

static bool
write_png (const char *path, struct dino_error *error)
{
  static const uint8_t samples[4 * 4 * 3];
  struct dino_output  *output = dino_output_new (path, error);

  return output != NULL && finish (output, dino_png_write (output, samples, 4, 4, 3, error), error);
}

static bool
write_safetensors (const char *path, struct dino_error *error)
{
  static const float                    one = 1;
  static const struct dino_tensor_out   tensor = { "a", &one, { 1 }, 1 };
  static const struct dino_metadata_out metadata = { "key", "value" };
  struct dino_output                   *output = dino_output_new (path, error);

  return output != NULL && finish (output, dino_safetensors_write (output, &tensor, 1, &metadata, 1, error), error);
}

static bool
read_safetensors (const char *path, struct dino_error *error)
{
  struct dino_safetensors *file = dino_safetensors_open (path, error);

  dino_safetensors_free (file);
  return file != NULL;
}

static bool
write_npy (const char *path, struct dino_error *error)
{
  static const float  values[] = { 1, 2 };
  static const size_t shape[] = { 2 };
  struct dino_output *output = dino_output_new (path, error);

  return output != NULL && finish (output, dino_npy_write (output, values, shape, 1, false, error), error);
}

static bool
read_npy (const char *path, struct dino_error *error)
{
  float *values = NULL;
  size_t shape[DINO_NPY_MAX_RANK];
  int    rank;

  if (!dino_npy_read (path, &values, shape, &rank, error))
    return false;
  dino_free (values);
  return true;
}

static bool
read_boxes (const char *path, struct dino_error *error)
{
  struct dino_named_box *boxes = NULL;
  size_t                 n;

  if (!dino_boxes_read (path, &boxes, &n, error))
    return false;
  dino_boxes_free (boxes, n);
  return true;
}

static void
test_files (void)
{
  g_autofree char    *folder = make_folder ();
  g_autofree char    *path = g_build_filename (folder, "out", NULL);
  g_autoptr (GString) csv = g_string_new (NULL);

  exhaust_file ("PNG written", write_png, path);
  exhaust_file ("safetensors written", write_safetensors, path);
  exhaust_file ("safetensors", read_safetensors, path);
  exhaust_file ("NPY written", write_npy, path);
  exhaust_file ("NPY", read_npy, path);
  for (guint i = 0; i < 20; i++)
    g_string_append (csv, "label,0,0,1,1\n");
  put_file (path, csv->str, csv->len);
  exhaust_file ("boxes", read_boxes, path);
  g_assert_cmpuint (count_entries (folder), ==, 1);
  remove_folder (folder);
}

static bool
read_config (const char *path, struct dino_error *error)
{
  struct dino_config    config = { 0 };
  struct dino_processor processor = { 0 };

  return dino_config_read (path, &config, error) && dino_processor_read (path, &processor, error);
}

static void
test_config (void)
{
  static const char text[] = "{\"model_type\":\"dinov2\",\"hidden_size\":32,\"num_hidden_layers\":2,\"num_attention_heads\":2,\"patch_size\":14,\"image_size\":56,"
                             "\"do_resize\":true,\"size\":{\"shortest_edge\":56},\"do_center_crop\":true,\"crop_size\":{\"height\":56,\"width\":56},"
                             "\"do_rescale\":true,\"rescale_factor\":0.00392156862745098,\"do_normalize\":true,\"image_mean\":[0.5,0.5,0.5],\"image_std\":[0.3,0.3,0.3],\"resample\":3}";
  g_autofree char  *folder = make_folder ();
  g_autofree char  *path = g_build_filename (folder, "config.json", NULL);

  put_file (path, text, sizeof text - 1);
  exhaust_file ("configuration and preprocessor", read_config, path);
  remove_folder (folder);
}

/* Jansson's own memory, at each of its steps: keys, texts, nesting. */
static bool
read_json (const char *path, struct dino_error *error)
{
  json_t *json = dino_json_read (path, 1 << 20, 1 << 20, error);

  json_decref (json);
  return json != NULL;
}

static void
test_json (void)
{
  g_autofree char    *folder = make_folder ();
  g_autofree char    *path = g_build_filename (folder, "nested.json", NULL);
  g_autoptr (GString) text = g_string_new ("{\"list\": [");

  for (guint i = 0; i < 60; i++)
    g_string_append_printf (text, "{\"a key that is no short one %u\": [%u, %u.5, null, true, \"\\u00e4\\n text of some length %u\"]}, ", i, i, i, i);
  g_string_append (text, "{}], \"last\": {\"a\": {\"b\": {\"c\": {}}}}}");
  put_file (path, text->str, text->len);
  exhaust_file ("JSON", read_json, path);
  remove_folder (folder);
}

static bool
read_tables (const char *path, struct dino_error *error)
{
  struct dino_table *table = dino_table_read (path, error);

  dino_table_free (table);
  return table != NULL;
}

static bool
read_training_list (const char *path, struct dino_error *error)
{
  struct dino_training_list *list = dino_training_list_read (path, error);

  dino_training_list_free (list);
  return list != NULL;
}

static const char *
name_of (const void *data, size_t index)
{
  return ((const char *const *) data)[index];
}

static bool
match_table (void *data, struct dino_error *error)
{
  static const char *const names[] = { "a/film-1.png", "film-2.png", "none.png" };
  size_t                   rows[3];

  return dino_table_match (data, NULL, name_of, names, 3, rows, error);
}

static void
test_tables (void)
{
  g_autofree char    *folder = make_folder ();
  g_autofree char    *path = g_build_filename (folder, "labels.csv", NULL);
  g_autoptr (GString) text = g_string_new ("name,view,note\n");
  struct dino_table  *table;

  for (guint i = 0; i < 40; i++)
    g_string_append_printf (text, "film-%u.png,pa,\"quoted, \"\"%u\"\"\"\n", i, i);
  put_file (path, text->str, text->len);
  exhaust_file ("table", read_tables, path);
  exhaust_file ("training list", read_training_list, path);
  table = dino_table_read (path, NULL);
  exhaust ("names found in a table", match_table, table, "");
  dino_table_free (table);
  remove_folder (folder);
}

static const float numbers[32 * 8] = { 1, 2, 3, 4, 5 };

static bool
write_head (const char *path, struct dino_error *error)
{
  struct dino_head *head = dino_head_new (2, 8, error);
  bool              done = head != NULL;

  if (done)
    {
      memcpy (head->weight, numbers, 16 * sizeof *numbers);
      memcpy (head->bias, numbers, 2 * sizeof *numbers);
      done = dino_head_set_class (head, 0, "one", error) && dino_head_set_class (head, 1, "two", error) && dino_head_write (path, head, NULL, 0, error);
    }
  dino_error_about (error, path);
  dino_head_free (head);
  return done;
}

static bool
read_head (const char *path, struct dino_error *error)
{
  struct dino_head *head = dino_head_read (path, error);

  dino_head_free (head);
  return head != NULL;
}

static const struct dino_classes *
two_classes (void)
{
  static struct dino_classes classes;

  if (classes.n == 0)
    g_assert_true (dino_classes_add (&classes, 1, "lung", NULL) && dino_classes_add (&classes, 2, "heart", NULL));
  return &classes;
}

static bool
write_decoder (const char *path, struct dino_error *error)
{
  struct dino_decoder     *decoder = dino_decoder_new (8, 3, 2, error);
  struct dino_decoder_head head = { .decoder = decoder, .classes = *two_classes () };
  struct dino_output      *output = decoder != NULL ? dino_output_new (path, error) : NULL;
  bool                     done = output != NULL && finish (output, dino_decoder_head_write (output, &head, "1", error), error);

  dino_error_about (error, path);
  dino_decoder_free (decoder);
  return done;
}

static bool
read_decoder (const char *path, struct dino_error *error)
{
  struct dino_decoder_head *head = dino_decoder_head_read (path, error);

  dino_decoder_head_free (head);
  return head != NULL;
}

static void
test_heads (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "head.safetensors", NULL);

  exhaust_file ("head written", write_head, path);
  exhaust_file ("head", read_head, path);
  exhaust_file ("decoder written", write_decoder, path);
  exhaust_file ("decoder", read_decoder, path);
  remove_folder (folder);
}

static bool
write_mask (const char *path, struct dino_error *error)
{
  static const uint8_t mask[6 * 5] = { 0, 1, 1 };
  struct dino_output  *output = dino_output_new (path, error);

  return output != NULL && finish (output, dino_mask_write (output, mask, 6, 5, two_classes (), error), error);
}

static bool
read_mask (const char *path, struct dino_error *error)
{
  uint8_t *values = NULL;
  int      width, height;

  if (!dino_mask_read (path, &values, &width, &height, error))
    return false;
  dino_free (values);
  return true;
}

static bool
write_outlines (const char *path, struct dino_error *error)
{
  static const uint8_t  mask[6 * 5] = { 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1 };
  struct dino_outlines *outlines = dino_outlines_new (mask, 6, 5, 1, 2, 0.5, error);
  struct dino_output   *output = outlines != NULL ? dino_output_new (path, error) : NULL;
  bool                  done = output != NULL && finish (output, dino_outlines_write_geojson (output, outlines, two_classes (), error), error);

  dino_error_about (error, path);
  dino_outlines_free (outlines);
  return done;
}

static void
test_masks (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "mask.png", NULL);

  exhaust_file ("mask written", write_mask, path);
  exhaust_file ("mask", read_mask, path);
  exhaust_file ("outlines written", write_outlines, path);
  remove_folder (folder);
}

static const struct dino_packed_key key = { "weights", "fp32", "generic", "" };

static bool
write_packed (const char *path, struct dino_error *error)
{
  struct dino_team *team = dino_team_new (1, error);
  bool              done = team != NULL && dino_packed_file_write (path, &key, numbers, sizeof numbers, team, error);

  dino_error_about (error, path);
  dino_team_free (team);
  return done;
}

static bool
read_packed (const char *path, struct dino_error *error)
{
  struct dino_team  *team = dino_team_new (1, error);
  struct dino_packed packed;
  bool               done = team != NULL && dino_packed_file_open (path, &key, team, &packed, error);

  dino_error_about (error, path);
  if (done)
    packed.release (packed.owner);
  dino_team_free (team);
  return done;
}

static void
test_packed (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "weights.pack", NULL);

  exhaust_file ("packed weights written", write_packed, path);
  exhaust_file ("packed weights", read_packed, path);
  remove_folder (folder);
}

/* A folder as embed writes it, of 32 pictures. */
static char *
make_embeddings (void)
{
  static const char   about[] = "{\"schema\":\"dinoscope-embeddings\",\"version\":1,\"model\":{\"name\":\"tiny\",\"demonstration\":false,\"sha256\":\"00\"},"
                                "\"precision\":\"fp32\",\"isa\":\"avx2\",\"preparation\":{\"fit\":\"crop\",\"exif\":\"applied\"},\"dtype\":\"f32\",\"counts\":{\"inputs\":32,\"embedded\":32,\"failed\":0}}";
  static const size_t shape[] = { 32, 8 };
  char               *folder = make_folder ();
  g_autofree char    *json = g_build_filename (folder, "embed.json", NULL);
  g_autofree char    *list = g_build_filename (folder, "table.tsv", NULL);
  g_autoptr (GString) table = g_string_new ("index\trow\tname\tpixels_sha256\twidth\theight\tview\tstatus\terror\n");

  for (guint i = 0; i < 32; i++)
    g_string_append_printf (table, "%u\t%u\tfilm-%02u.png\t%064u\t10\t10\tPA\tok\t\n", i, i, i, i);
  put_file (json, about, sizeof about - 1);
  put_file (list, table->str, table->len);
  for (int i = 0; i < 2; i++)
    {
      g_autofree char    *path = g_build_filename (folder, i == 0 ? "cls.npy" : "mean.npy", NULL);
      struct dino_output *output = dino_output_new (path, NULL);

      g_assert_true (finish (output, dino_npy_write (output, numbers, shape, 2, false, NULL), NULL));
    }
  return folder;
}

static bool
read_embeddings (const char *path, struct dino_error *error)
{
  struct dino_embeddings *embeddings = dino_embeddings_open (path, error);

  dino_embeddings_free (embeddings);
  return embeddings != NULL;
}

static bool
read_matrix (const char *path, struct dino_error *error)
{
  struct dino_matrix_file *file = dino_matrix_file_open (path, error);

  dino_matrix_file_free (file);
  return file != NULL;
}

static bool
open_any_index (const char *path, struct dino_error *error)
{
  struct dino_index *index = dino_index_open_any (path, DINO_EMBEDDING_CLS, false, NULL, error);

  dino_index_free (index);
  return index != NULL;
}

struct plan
{
  struct dino_embeddings *source;
  const char             *folder;
  enum dino_vector_type   type;
};

static bool
write_index (void *data, struct dino_error *error)
{
  const struct plan       *plan = data;
  struct dino_index_report report;

  return dino_index_write (&(struct dino_index_plan){ .folder = plan->folder, .what = DINO_EMBEDDING_CLS, .type = plan->type, .sources = &plan->source, .n_sources = 1 }, &report, NULL, error);
}

static void
test_embeddings (void)
{
  g_autofree char *folder = make_embeddings ();
  g_autofree char *matrix = g_build_filename (folder, "cls.npy", NULL);
  g_autofree char *parent = make_folder ();
  g_autofree char *index = g_build_filename (parent, "index", NULL);
  struct plan      plan = { .folder = index };

  exhaust_file ("embeddings", read_embeddings, folder);
  exhaust_file ("matrix", read_matrix, matrix);
  exhaust_file ("embeddings as an index", open_any_index, folder);
  plan.source = dino_embeddings_open (folder, NULL);
  g_assert_nonnull (plan.source);
  for (plan.type = DINO_VECTOR_F32; plan.type <= DINO_VECTOR_I8; plan.type++)
    {
      exhaust ("index written", write_index, &plan, index);
      exhaust_file ("index", open_any_index, index);
      remove_folder (index);
    }
  dino_embeddings_free (plan.source);
  remove_folder (parent);
  remove_folder (folder);
}

static bool
read_calibration (const char *path, struct dino_error *error)
{
  struct dino_calibration *calibration = dino_calibration_read (path, error);

  dino_calibration_free (calibration);
  return calibration != NULL;
}

static bool
read_basis (const char *path, struct dino_error *error)
{
  struct dino_pca *pca = dino_pca_read (path, error);

  dino_pca_free (pca);
  return pca != NULL;
}

static void
test_numbers (void)
{
  const struct dino_tensor_out ranges[] = { { "norm1", numbers, { 2, 8 }, 2 }, { "norm2", numbers, { 2, 8 }, 2 } };
  const struct dino_tensor_out basis[] = { { "components", numbers, { 2, 8 }, 2 }, { "mean", numbers, { 8 }, 1 }, { "variance", numbers, { 2 }, 1 }, { "variance_ratio", numbers, { 2 }, 1 } };
  g_autofree char             *folder = make_folder ();
  g_autofree char             *path = g_build_filename (folder, "numbers.safetensors", NULL);
  struct dino_output          *output = dino_output_new (path, NULL);

  g_assert_true (finish (output, dino_safetensors_write (output, ranges, 2, NULL, 0, NULL), NULL));
  exhaust_file ("calibration", read_calibration, path);
  output = dino_output_new (path, NULL);
  g_assert_true (finish (output, dino_safetensors_write (output, basis, 4, NULL, 0, NULL), NULL));
  exhaust_file ("basis", read_basis, path);
  remove_folder (folder);
}

static bool
describe_preparation (void *data, struct dino_error *error)
{
  static const struct dino_processor   processor = { .resize = true, .shortest_edge = 28, .center_crop = true, .crop_width = 28, .crop_height = 28 };
  static const struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_WINDOW, .frame = 2 };
  char                                *text = dino_preparation_to_json (&preparation, &processor, 14, false, error);

  free (text);
  return text != NULL;
}

static void
test_preparation (void)
{
  exhaust ("preparation as JSON", describe_preparation, NULL, "");
}

int
main (int argc, char **argv)
{
  faults_watch ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory/pictures", test_pictures);
  g_test_add_func ("/memory/decoders", test_decoders);
  g_test_add_func ("/memory/chunks", test_chunks);
  g_test_add_func ("/memory/dicom", test_dicom);
  g_test_add_func ("/memory/files", test_files);
  g_test_add_func ("/memory/config", test_config);
  g_test_add_func ("/memory/json", test_json);
  g_test_add_func ("/memory/tables", test_tables);
  g_test_add_func ("/memory/heads", test_heads);
  g_test_add_func ("/memory/masks", test_masks);
  g_test_add_func ("/memory/packed", test_packed);
  g_test_add_func ("/memory/embeddings", test_embeddings);
  g_test_add_func ("/memory/numbers", test_numbers);
  g_test_add_func ("/memory/preparation", test_preparation);
  return g_test_run ();
}
