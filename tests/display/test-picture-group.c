/* What is said of a picture, and that what names the patient is nowhere until it is asked for. */
#include "support.h"

#include <adwaita.h>
#include <string.h>

#include "app/dinoscope-attribute-words.h"
#include "app/dinoscope-picture-group.h"
#include "engine/dinoscope-study-private.h"

#define PLANTED "Canary^Name"
#define LONG_VALUE "A very long explanation that goes on and on, with averyveryveryveryverylongwordthatfitsnowhereandmustbebrokensomewhere in it"

static const struct
{
  const char *keyword;
  const char *value;
  gboolean    personal;
} attributes[] = {
  { "PatientName", PLANTED, TRUE },
  { "Manufacturer", "Maker", FALSE },
  { "ViewPosition", "PA", FALSE },
  { "Modality", "DX", FALSE },
  { "ImageType", "DERIVED\\PRIMARY", FALSE },
  { "StudyInstanceUID", PLANTED ".2", TRUE },
  { "TransferSyntax", "JPEG 2000 (Lossless only)", FALSE },
  { "ImageComments", LONG_VALUE, FALSE },
  { "LossyImageCompression", "00", FALSE },
};

/* 12 bits, MONOCHROME1, rescaled: what a scanner might write. */
static struct dino_picture *
make_picture (const char *format)
{
  struct dino_error    failure = { 0 };
  struct dino_picture *picture = dino_picture_new (40, 30, 1, 16, &failure);

  for (int i = 0; i < 40 * 30; i++)
    picture->samples16[i] = (guint16) (i + 100);
  picture->file_bits = 12;
  g_strlcpy (picture->format, format, sizeof picture->format);
  g_strlcpy (picture->mode, "12-bit grey", sizeof picture->mode);
  picture->grey = dino_grey_scale_new (&failure);
  picture->grey->monochrome1 = true;
  picture->grey->has_rescale = true;
  picture->grey->slope = 2;
  picture->grey->intercept = -1000;
  g_strlcpy (picture->grey->unit, "HU", sizeof picture->grey->unit);
  g_assert_true (dino_grey_scale_set_n_voi (picture->grey, 1, &failure));
  picture->grey->voi[0].window = (struct dino_window){ 40, 400, DINO_VOI_LINEAR };
  g_strlcpy (picture->grey->voi[0].name, "SOFT", sizeof picture->grey->voi[0].name);
  picture->attributes = dino_attributes_new (G_N_ELEMENTS (attributes), &failure);
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    picture->attributes->items[i] = (struct dino_attribute){ strdup (attributes[i].keyword), strdup (attributes[i].value), attributes[i].personal };
  picture->attributes->spacing = DINO_SPACING_DETECTOR;
  picture->attributes->spacing_x = picture->attributes->spacing_y = 0.143;
  g_assert_true (dino_picture_measure (picture, &failure));
  return picture;
}

static DinoscopeStudy *
make_study (const char *format)
{
  g_autoptr (GError) error = NULL;
  DinoscopeStudy    *study = dinoscope_study_new (make_picture (format), NULL, PLANTED ".dcm", NULL, FALSE, NULL, &error);

  g_assert_no_error (error);
  return study;
}

static void
collect_cb (const char *title, const char *value, gpointer user_data)
{
  g_string_append_printf (user_data, "%s: %s\n", title, value);
}

static char *
collect_facts (DinoscopeStudy *study)
{
  const DinoscopeShownPicture shown = { .study = study };
  GString                    *text = g_string_new (NULL);

  dinoscope_facts_of_picture (&shown, collect_cb, text);
  return g_string_free (text, FALSE);
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in:\n%s", part, text);
}

static void
test_facts (void)
{
  g_autoptr (DinoscopeStudy) study = make_study ("DICOM");
  g_autofree char           *text = collect_facts (study);

  assert_has (text, "Spacing of pixels: 0.143 × 0.143 mm at detector\nModality: DX (digital radiography)\nView position: PA (back to front)\nTransfer syntax: JPEG 2000 (Lossless only)\nLossy compression: 00 (never)\nManufacturer: Maker\n");
  assert_has (text, "Image type: DERIVED, PRIMARY\n");
  assert_has (text, "Stored values: 100 to 1299\nModality values: −800 to 1598 HU\n");
  assert_has (text, "Modality step, for both: Stored value × 2 − 1000\n");
  assert_has (text, "Applied for the display: number 0 of the file, window “SOFT”: center 40, width 400 (linear); inverted\n");
  assert_has (text, "Applied for the model: min-max: -800 … 1598 HU; inverted\n");
  g_assert_null (strstr (text, "Canary"));
}

/* The name of a PNG is no secret; that of a DICOM file may be. */
static void
test_name (void)
{
  g_autoptr (DinoscopeStudy) study = make_study ("PNG");
  g_autofree char           *text = collect_facts (study);

  g_assert_true (g_str_has_prefix (text, "Name: " PLANTED ".dcm\n"));
  assert_has (text, "12-bit grey\n");
}

static void
assert_title (const char *keyword, const char *expected)
{
  g_autofree char *title = dinoscope_attribute_title (keyword);

  g_assert_cmpstr (title, ==, expected);
}

static void
test_titles (void)
{
  assert_title ("PresentationLUTShape", "Presentation LUT shape");
  assert_title ("DICOM", "DICOM");
  assert_title ("SOPClassUID", "SOP class UID");
  assert_title ("DetectorType", "Detector type");
  assert_title ("EstimatedRadiographicMagnificationFactor", "Estimated radiographic magnification factor");
  assert_title ("X", "X");
  assert_title ("", "");
}

/* Whether any label of the tree has the text; *selectable is that of the first one. */
static gboolean
tree_has (GtkWidget *root, const char *part, gboolean *selectable)
{
  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), part) != NULL)
    {
      *selectable = gtk_label_get_selectable (GTK_LABEL (root));
      return TRUE;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (tree_has (child, part, selectable))
      return TRUE;
  return FALSE;
}

static void
show (DinoscopePictureGroup *group, DinoscopeStudy *study)
{
  const DinoscopeShownPicture shown = { .study = study };

  dinoscope_picture_group_show (group, &shown);
}

static GtkWidget *
find_row (GtkWidget *root, const char *title)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = ADW_IS_PREFERENCES_ROW (child) && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (child)), title)
                             ? child
                             : find_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What asks for the folder of a picture that came alone is there for no other. */
static void
test_folder_row (void)
{
  DinoscopePictureGroup      *group = g_object_ref_sink (g_object_new (DINOSCOPE_TYPE_PICTURE_GROUP, NULL));
  GtkWidget                  *widget = GTK_WIDGET (group);
  g_autoptr (DinoscopeStudy)  study = make_study ("PNG");
  const DinoscopeShownPicture alone = { .study = study, .alone = TRUE };
  GtkWidget                  *row = find_row (widget, "C_hoose Folder…");

  g_assert_nonnull (row);
  g_assert_false (gtk_widget_get_visible (row));
  dinoscope_picture_group_show (group, &alone);
  g_assert_true (gtk_widget_get_visible (row));
  show (group, study);
  g_assert_false (gtk_widget_get_visible (row));
  dinoscope_picture_group_show (group, &alone);
  dinoscope_picture_group_show (group, NULL);
  g_assert_false (gtk_widget_get_visible (row));
  g_object_unref (group);
}

static void
test_folded (void)
{
  GtkWidget                    *window = gtk_window_new ();
  DinoscopePictureGroup        *group = g_object_new (DINOSCOPE_TYPE_PICTURE_GROUP, NULL);
  GtkWidget                    *widget = GTK_WIDGET (group);
  AdwExpanderRow               *row = ADW_EXPANDER_ROW (find_row (widget, "Names the Patient"));
  g_autoptr (DinoscopeStudy)    study = make_study ("DICOM");
  g_autoptr (DinoscopeStudy)    other = make_study ("DICOM");
  g_autoptr (DinoscopeStudy)    prepared = NULL;
  const struct dino_preparation preparation = { .fit = DINO_FIT_WHOLE };
  gboolean                      selectable;

  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (row)));
  show (group, study);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (row)));
  g_assert_false (tree_has (widget, "Canary", &selectable));
  g_assert_true (tree_has (widget, "Maker", &selectable));
  g_assert_true (selectable);

  adw_expander_row_set_expanded (row, TRUE);
  g_assert_true (tree_has (widget, PLANTED, &selectable));
  g_assert_false (selectable);
  g_assert_true (tree_has (widget, PLANTED ".2", &selectable));
  g_assert_true (tree_has (widget, PLANTED ".dcm", &selectable));

  /* Another preparation of the same picture leaves it as it is, another picture does not. */
  prepared = dinoscope_study_new_with_preparation (study, &preparation, NULL, NULL);
  show (group, prepared);
  g_assert_true (tree_has (widget, PLANTED, &selectable));
  show (group, other);
  g_assert_false (adw_expander_row_get_expanded (row));
  g_assert_false (tree_has (widget, "Canary", &selectable));

  adw_expander_row_set_expanded (row, TRUE);
  g_assert_true (tree_has (widget, PLANTED, &selectable));
  adw_expander_row_set_expanded (row, FALSE);
  g_assert_false (tree_has (widget, "Canary", &selectable));
  adw_expander_row_set_expanded (row, TRUE);
  dinoscope_picture_group_show (group, NULL);
  g_assert_false (tree_has (widget, "Canary", &selectable));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (row)));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Words longer than the panel are broken: it does not grow. */
static void
test_long_values (void)
{
  GtkWidget                 *window = gtk_window_new ();
  DinoscopePictureGroup     *group = g_object_new (DINOSCOPE_TYPE_PICTURE_GROUP, NULL);
  g_autoptr (DinoscopeStudy) study = make_study ("DICOM");
  AdwExpanderRow            *row;
  int                        minimum;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (group));
  show (group, study);
  row = ADW_EXPANDER_ROW (find_row (GTK_WIDGET (group), "Names the Patient"));
  adw_expander_row_set_expanded (row, TRUE);
  gtk_widget_measure (GTK_WIDGET (group), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 316);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP There is no display.\n");
      return 0;
    }
  adw_init ();
  g_test_add_func ("/picture-group/facts", test_facts);
  g_test_add_func ("/picture-group/name", test_name);
  g_test_add_func ("/picture-group/titles", test_titles);
  g_test_add_func ("/picture-group/folded", test_folded);
  g_test_add_func ("/picture-group/folder-row", test_folder_row);
  g_test_add_func ("/picture-group/long-values", test_long_values);
  return g_test_run ();
}
