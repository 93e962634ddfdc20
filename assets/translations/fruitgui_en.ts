<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>ClassRecorder</name>
    <message numerus="yes">
        <source>%n recording(s)</source>
        <translation>
            <numerusform>%n recording</numerusform>
            <numerusform>%n recordings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out: nothing new</source>
        <comment>frames</comment>
        <translation>
            <numerusform>%n left out: nothing new</numerusform>
            <numerusform>%n left out: nothing new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out: blurred</source>
        <comment>frames</comment>
        <translation>
            <numerusform>%n left out: blurred</numerusform>
            <numerusform>%n left out: blurred</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ClassifyPage</name>
    <message numerus="yes">
        <source>%n label(s) could not be saved.</source>
        <translation>
            <numerusform>%n label could not be saved.</numerusform>
            <numerusform>%n labels could not be saved.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) could not be undone.</source>
        <translation>
            <numerusform>%n label could not be undone.</numerusform>
            <numerusform>%n labels could not be undone.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) removed from the list. Press Ctrl+Z to undo.</source>
        <translation>
            <numerusform>%n photo removed from the list. Press Ctrl+Z to undo.</numerusform>
            <numerusform>%n photos removed from the list. Press Ctrl+Z to undo.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) copied, as a table and as files</source>
        <translation>
            <numerusform>%n photo copied, as a table and as a file</numerusform>
            <numerusform>%n photos copied, as a table and as files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be read</source>
        <translation>
            <numerusform>%n could not be read</numerusform>
            <numerusform>%n could not be read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n duplicate(s)</source>
        <translation>
            <numerusform>%n duplicate</numerusform>
            <numerusform>%n duplicates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s) left</source>
        <translation>
            <numerusform>%n second left</numerusform>
            <numerusform>%n seconds left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) left</source>
        <translation>
            <numerusform>%n minute left</numerusform>
            <numerusform>%n minutes left</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ComparisonTexts</name>
    <message numerus="yes">
        <source>Only %n photo(s) were used to measure accuracy: too few to tell the models apart. Add more, and compare again.</source>
        <translation>
            <numerusform>Only %n photo was used to measure accuracy: too few to tell the models apart. Add more, and compare again.</numerusform>
            <numerusform>Only %n photos were used to measure accuracy: too few to tell the models apart. Add more, and compare again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ComparisonView</name>
    <message numerus="yes">
        <source>%n run(s) could not be trained; the table says why.</source>
        <translation>
            <numerusform>%n run could not be trained; the table says why.</numerusform>
            <numerusform>%n runs could not be trained; the table says why.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s), one after another.</source>
        <translation>
            <numerusform>%n run.</numerusform>
            <numerusform>%n runs, one after another.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConfusionMatrix</name>
    <message numerus="yes">
        <source>Answer {name}: right for %n of {photos} ({share})</source>
        <translation>
            <numerusform>Answer {name}: right for %n of {photos} ({share})</numerusform>
            <numerusform>Answer {name}: right for %n of {photos} ({share})</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of {photos} {name} ({share}) were recognised</source>
        <translation>
            <numerusform>%n of {photos} {name} ({share}) was recognised</numerusform>
            <numerusform>%n of {photos} {name} ({share}) were recognised</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of {photos} {name} ({share}) were mistaken for {answer}</source>
        <translation>
            <numerusform>%n of {photos} {name} ({share}) was mistaken for {answer}</numerusform>
            <numerusform>%n of {photos} {name} ({share}) were mistaken for {answer}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DataSetEdits</name>
    <message numerus="yes">
        <source>%n photo(s) moved.</source>
        <translation>
            <numerusform>%n photo moved.</numerusform>
            <numerusform>%n photos moved.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The files of up to %n photo(s) will be moved within “{name}”, and those left out to “{excluded}” beside it. It can be put back.</source>
        <translation>
            <numerusform>The file of up to %n photo will be moved within “{name}”, or, if left out, to “{excluded}” beside it. It can be put back.</numerusform>
            <numerusform>The files of up to %n photos will be moved within “{name}”, and those left out to “{excluded}” beside it. It can be put back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>To keep the split and class of %n photo(s), their entries stay in the list.</source>
        <translation>
            <numerusform>To keep the split and class of %n photo, its entry stays in the list.</numerusform>
            <numerusform>To keep the split and class of %n photos, their entries stay in the list.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) were not found; your changes to them stay in the list.</source>
        <translation>
            <numerusform>%n photo was not found; your changes to it stay in the list.</numerusform>
            <numerusform>%n photos were not found; your changes to them stay in the list.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) put back.</source>
        <translation>
            <numerusform>%n photo put back.</numerusform>
            <numerusform>%n photos put back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) are no longer where they were moved to: “{path}”. Put them there again, then put back once more.</source>
        <translation>
            <numerusform>%n photo is no longer where it was moved to: “{path}”. Put it there again, then put back once more.</numerusform>
            <numerusform>%n photos are no longer where they were moved to, such as “{path}”. Put them there again, then put back once more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Edits</name>
    <message numerus="yes">
        <source>“{label}” for %n photo(s)</source>
        <translation>
            <numerusform>“{label}” for %n photo</numerusform>
            <numerusform>“{label}” for %n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) removed from the list</source>
        <translation>
            <numerusform>%n photo removed from the list</numerusform>
            <numerusform>%n photos removed from the list</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EvaluationPhotos</name>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n selected. What is it really?</source>
        <translation>
            <numerusform>%n selected. What is it really?</numerusform>
            <numerusform>%n selected. What are they really?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EvaluationSummary</name>
    <message numerus="yes">
        <source>{accuracy} without %n that are nearly the same as training photos</source>
        <translation>
            <numerusform>{accuracy} without %n that is nearly the same as a training photo</numerusform>
            <numerusform>{accuracy} without %n that are nearly the same as training photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) left out</source>
        <translation>
            <numerusform>%n photo left out</numerusform>
            <numerusform>%n photos left out</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportMenu</name>
    <message numerus="yes">
        <source>%n photo(s) will be copied into “{name}”: {folders}.</source>
        <translation>
            <numerusform>%n photo will be copied into “{name}”: {folders}.</numerusform>
            <numerusform>%n photos will be copied into “{name}”: {folders}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) copied into “{name}”.</source>
        <translation>
            <numerusform>%n photo copied into “{name}”.</numerusform>
            <numerusform>%n photos copied into “{name}”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be copied.</source>
        <translation>
            <numerusform>%n could not be copied.</numerusform>
            <numerusform>%n could not be copied.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) added to the training photos in “{name}”.</source>
        <translation>
            <numerusform>%n photo added to the training photos in “{name}”.</numerusform>
            <numerusform>%n photos added to the training photos in “{name}”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were there already.</source>
        <translation>
            <numerusform>%n was there already.</numerusform>
            <numerusform>%n were there already.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) are gone or cannot be read.</source>
        <translation>
            <numerusform>%n photo is gone or cannot be read.</numerusform>
            <numerusform>%n photos are gone or cannot be read.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>InspectionOverview</name>
    <message numerus="yes">
        <source>%n validation or test photo(s) have a duplicate in another split.</source>
        <translation>
            <numerusform>%n validation or test photo has a duplicate in another split.</numerusform>
            <numerusform>%n validation or test photos have a duplicate in another split.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>InspectionTexts</name>
    <message numerus="yes">
        <source>{split}: %n photo(s)</source>
        <translation>
            <numerusform>{split}: %n photo</numerusform>
            <numerusform>{split}: %n photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n identical photo(s)</source>
        <translation>
            <numerusform>%n identical photo</numerusform>
            <numerusform>%n identical photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s), nearly the same</source>
        <translation>
            <numerusform>%n photo, nearly the same</numerusform>
            <numerusform>%n photos, nearly the same</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s), identical or nearly the same</source>
        <translation>
            <numerusform>%n photo, identical or nearly the same</numerusform>
            <numerusform>%n photos, identical or nearly the same</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LabelColumnBoxes</name>
    <message numerus="yes">
        <source>A column a class (%n)</source>
        <translation>
            <numerusform>A column a class (%n)</numerusform>
            <numerusform>A column a class (%n)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LabelEditsMenu</name>
    <message numerus="yes">
        <source>… and %n older</source>
        <translation>
            <numerusform>… and %n older</numerusform>
            <numerusform>… and %n older</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LabelsDialog</name>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>%n class</numerusform>
            <numerusform>%n classes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) with a label</source>
        <translation>
            <numerusform>%n photo with a label</numerusform>
            <numerusform>%n photos with a label</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LessonList</name>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelLibrary</name>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>%n class</numerusform>
            <numerusform>%n classes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message numerus="yes">
        <source>%n report(s) are being written.</source>
        <translation>
            <numerusform>%n report is being written.</numerusform>
            <numerusform>%n reports are being written.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PhotoResults</name>
    <message numerus="yes">
        <source>%n photo(s) not sure</source>
        <translation>
            <numerusform>%n photo not sure</numerusform>
            <numerusform>%n photos not sure</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n SELECTED</source>
        <translation>
            <numerusform>%n SELECTED</numerusform>
            <numerusform>%n SELECTED</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecipeForm</name>
    <message numerus="yes">
        <source>%n setting(s) differ from the preset.</source>
        <translation>
            <numerusform>%n setting differs from the preset.</numerusform>
            <numerusform>%n settings differ from the preset.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecordPanel</name>
    <message numerus="yes">
        <source>%n photo(s) are in the trash.</source>
        <translation>
            <numerusform>%n photo is in the trash.</numerusform>
            <numerusform>%n photos are in the trash.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReliabilityDiagram</name>
    <message numerus="yes">
        <source>%n photo(s) between {low} and {high} sure: {confidence} sure on average, {accuracy} right</source>
        <translation>
            <numerusform>%n photo between {low} and {high} sure: {confidence} sure on average, {accuracy} right</numerusform>
            <numerusform>%n photos between {low} and {high} sure: {confidence} sure on average, {accuracy} right</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunBar</name>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunBrowser</name>
    <message numerus="yes">
        <source>%n run(s) moved to the trash.</source>
        <translation>
            <numerusform>%n run moved to the trash.</numerusform>
            <numerusform>%n runs moved to the trash.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) restored.</source>
        <translation>
            <numerusform>%n run taken out of the trash.</numerusform>
            <numerusform>%n runs taken out of the trash.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) removed for good.</source>
        <translation>
            <numerusform>%n run removed for good.</numerusform>
            <numerusform>%n runs removed for good.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunComparison</name>
    <message numerus="yes">
        <source>%n run(s) selected</source>
        <translation>
            <numerusform>%n run selected</numerusform>
            <numerusform>%n runs selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n run(s)</source>
        <translation>
            <numerusform>Delete %n run</numerusform>
            <numerusform>Delete %n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunPanel</name>
    <message numerus="yes">
        <source>Memory is short: from now on %n photo(s) at a time.</source>
        <translation>
            <numerusform>Memory is short: from now on %n photo at a time.</numerusform>
            <numerusform>Memory is short: from now on %n photos at a time.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) could not be read and are left out, the last of them “{name}”: {reason}</source>
        <translation>
            <numerusform>%n photo could not be read and is left out, “{name}”: {reason}</numerusform>
            <numerusform>%n photos could not be read and are left out, the last of them “{name}”: {reason}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Test accuracy {accuracy} ({low} to {high}), on %n photo(s) that it has never seen.</source>
        <translation>
            <numerusform>Test accuracy {accuracy} ({low} to {high}), on %n photo that it has never seen.</numerusform>
            <numerusform>Test accuracy {accuracy} ({low} to {high}), on %n photos that it has never seen.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunTrashBar</name>
    <message numerus="yes">
        <source>Remove %n run(s) and their models for good?</source>
        <translation>
            <numerusform>Remove %n run and its model for good?</numerusform>
            <numerusform>Remove %n runs and their models for good?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SectionView</name>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TaughtNotice</name>
    <message numerus="yes">
        <source>The model now knows %n kind(s), including {names}.</source>
        <translation>
            <numerusform>The model now knows %n kind, including {names}.</numerusform>
            <numerusform>The model now knows %n kinds, including {names}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The model has learnt from %n photo(s).</source>
        <translation>
            <numerusform>The model has learnt from %n photo.</numerusform>
            <numerusform>The model has learnt from %n photos.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) could not be read.</source>
        <translation>
            <numerusform>%n photo could not be read.</numerusform>
            <numerusform>%n photos could not be read.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other photo(s) here got another label.</source>
        <translation>
            <numerusform>%n other photo here got another label.</numerusform>
            <numerusform>%n other photos here got another label.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TeachCard</name>
    <message numerus="yes">
        <source>%n correction(s) of kinds that it knows.</source>
        <translation>
            <numerusform>%n correction of kinds that it knows.</numerusform>
            <numerusform>%n corrections of kinds that it knows.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more photo(s) to teach it.</source>
        <translation>
            <numerusform>One more photo is needed to teach it.</numerusform>
            <numerusform>%n more photos are needed to teach it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>“{name}” is new to the model: %n photo(s).</source>
        <translation>
            <numerusform>“{name}” is new to the model: %n photo.</numerusform>
            <numerusform>“{name}” is new to the model: %n photos.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UnreadableDialog</name>
    <message numerus="yes">
        <source>%n file(s) could not be read</source>
        <translation>
            <numerusform>%n file could not be read</numerusform>
            <numerusform>%n files could not be read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WarningList</name>
    <message numerus="yes">
        <source>Show %n more</source>
        <translation>
            <numerusform>Show %n more</numerusform>
            <numerusform>Show %n more</numerusform>
        </translation>
    </message>
</context>
</TS>
