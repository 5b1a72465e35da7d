namespace MeanFieldLimit.Data;

/// <summary>A key of the data, such as the names of columns, does not suit the file: the key is to be mended.</summary>
/// <param name="key">The key: outputs, inputs[1].</param>
/// <param name="ruleValueRemedy">What the file has, and what to write.</param>
internal sealed class DataKeyException(string key, string ruleValueRemedy) : Exception(ruleValueRemedy)
{
    internal string Key => key;
}
